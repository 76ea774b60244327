import { describe, expect, it } from '@jest/globals';
import { mintDevelopmentToken } from './development-issuer.js';
import { OperatorGate } from './operator-gate.js';
import { parseTokenIssuers } from './token-issuer.js';
import { JoseTokenVerifier } from './token-verifier.js';
import { nodeSigner } from '../signature/node-signature.js';

const NOW_MS = 1_800_000_000_000;
const bindingKey = nodeSigner(new Uint8Array(32).fill(1)).publicKey;
const mint = (roles: readonly string[]): Promise<string> => mintDevelopmentToken({ sub: 'someone', bindingKey, roles, nowMs: NOW_MS });

describe('the operator gate', () => {
  const at = (nowMs: number): OperatorGate =>
    new OperatorGate(new JoseTokenVerifier(parseTokenIssuers('development'), 'test'), { nowMs: () => nowMs });

  it('lets a valid operator in', async () => {
    await expect(at(NOW_MS).demand(await mint(['operator']))).resolves.toBeUndefined();
  });

  it.each([[[]], [['Operator']], [['operators', 'admin']]])('refuses the roles %j', async (roles) => {
    await expect(at(NOW_MS).demand(await mint(roles))).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  it('refuses an operator whose token is over, or not a token', async () => {
    await expect(at(NOW_MS + 7_200_000).demand(await mint(['operator']))).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
    await expect(at(NOW_MS).demand('operator')).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
  });
});
