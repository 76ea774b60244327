import { generateKeyPairSync } from 'node:crypto';
import { mintDevelopmentToken } from '@strongroom/platform';
import { fromBase64url } from '@strongroom/protocol';

/** Tokens of an operator of the embedded stack, by the development issuer; nothing that production accepts. */
export function developmentOperator(): () => Promise<string> {
  const { x = '' } = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
  const bindingKey = fromBase64url(x);
  return () => mintDevelopmentToken({ sub: 'operator', bindingKey, roles: ['operator'], nowMs: Date.now() });
}
