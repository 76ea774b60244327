import { VaultError, identityStretcher, parseStretchingCost, type Argon2idCost, type Bytes, type KeyStretcher } from '@strongroom/protocol';

/** Where Argon2id runs. It takes a fifth of a second and 64 MiB, so never on the thread that draws the page. */
export interface Stretcher {
  /**
   * Argon2id v1.3, salt of 16 zero bytes, 64 bytes out (RFC 9807). `input` is secret and is copied;
   * the caller wipes its own. @throws the signal's reason when it aborts
   */
  argon2id(input: Bytes, cost: Argon2idCost, signal: AbortSignal): Promise<Bytes>;
}

/** The stretching that the fleet's bundle names, as the protocol wants it. @throws BUNDLE_INVALID for the bench suite unless it is allowed */
export function stretcherFor(ksf: string, stretcher: Stretcher, allowBenchSuite: boolean, signal: AbortSignal): KeyStretcher {
  const cost = parseStretchingCost(ksf);
  if (cost.kind === 'argon2id') return { stretch: (input) => stretcher.argon2id(input, cost, signal) };
  if (allowBenchSuite) return identityStretcher;
  throw new VaultError('BUNDLE_INVALID', 'the fleet has the bench suite, which does not stretch recovery codes', { check: 'ksf' });
}
