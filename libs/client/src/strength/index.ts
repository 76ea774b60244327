export { estimateStrength, type StrengthOptions } from './estimate-strength.js';
export type { Strength } from './strength.js';
export { weaknessOf, type Weakness } from '../code/weak-code.js';
