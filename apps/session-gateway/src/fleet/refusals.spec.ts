import { describe, expect, it } from '@jest/globals';
import { VaultError } from '@strongroom/protocol';
import { Refusals } from './refusals.js';

const locked = new VaultError('RECORD_LOCKED', 'locked');
const unknown = new VaultError('RECORD_UNKNOWN', 'unknown');
const away = new VaultError('FLEET_UNAVAILABLE', 'away');

describe('refusals', () => {
  it('are not agreed while one node alone refuses, however often', () => {
    const refusals = new Refusals();
    refusals.add(1, locked);
    refusals.add(1, locked);
    expect(refusals.agreed()).toBeUndefined();
  });

  it('are agreed when a second node says the same', () => {
    const refusals = new Refusals();
    refusals.add(1, locked);
    refusals.add(2, unknown);
    expect(refusals.agreed()).toBeUndefined();
    refusals.add(3, unknown);
    expect(refusals.agreed()).toMatchObject({ code: 'RECORD_UNKNOWN' });
  });

  it('never are agreed on a node that does not answer or broke', () => {
    const refusals = new Refusals();
    for (const node of [1, 2, 3]) refusals.add(node, away);
    for (const node of [1, 2, 3]) refusals.add(node, new VaultError('INTERNAL', ''));
    expect(refusals.agreed()).toBeUndefined();
    expect(refusals.final()).toMatchObject({ code: 'FLEET_UNAVAILABLE' });
  });

  it('end with the only refusal when nobody accepted', () => {
    const refusals = new Refusals();
    refusals.add(4, away);
    refusals.add(2, locked);
    expect(refusals.final()).toMatchObject({ code: 'RECORD_LOCKED' });
  });

  it('name the earlier of two times to come back', () => {
    const refusals = new Refusals();
    refusals.add(1, new VaultError('RATE_LIMITED', '', { retryAtMs: 9_000_000 }));
    refusals.add(2, new VaultError('RATE_LIMITED', '', { retryAtMs: 1_000 }));
    refusals.add(3, new VaultError('RATE_LIMITED', '', { retryAtMs: 2_000 }));
    expect(refusals.agreed()?.metadata).toEqual({ retryAtMs: 1_000 });
  });
});
