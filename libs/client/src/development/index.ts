export { developmentTokens, type DevelopmentAccount } from './development-tokens.js';
export { developmentVault, type DevelopmentVaultOptions } from './development-vault.js';
