import { VaultError, coreHpke, invalid, nobleVerifier, type Bytes } from '@strongroom/protocol';
import { FormatError, parseTrustRoot, rotateTrustRoots, type Purpose, type TrustRoot } from '@strongroom/transparency';
import { accountOf } from './account/account-token.js';
import type { CallContext, ClientParts } from './call/call-context.js';
import { withDeadline } from './call/deadline.js';
import { DEFAULT_RETRIES } from './call/retry.js';
import { cancelPending, forget, type ForgetResult } from './change/change-entry.js';
import { checkCode, type CodeCheck } from './check/check-code.js';
import { KeptCode, type KnownCode } from './check/kept-code.js';
import { refuseWeakCode } from './code/weak-code.js';
import type { CallOptions, CodeChange, ProtectOptions, VaultClientOptions } from './client-options.js';
import { BundleKeeper } from './fleet/bundle-keeper.js';
import { reportOf, type FleetReport } from './fleet/verified-fleet.js';
import { Gateway } from './gateway/gateway.js';
import { askHistory } from './history/ask-history.js';
import type { VaultHistory } from './history/vault-history.js';
import { systemClock } from './platform/clock.js';
import { systemRandom } from './platform/system-random.js';
import { protect, type ProtectResult } from './protect/protect.js';
import { recover, type RecoverResult } from './recover/recover.js';
import { askRecovering } from './status/ask-nodes.js';
import { statusOf, type VaultStatus } from './status/vault-status.js';

/**
 * Protects a 32-byte backup key with a recovery code in a fleet of HSM nodes, and brings it back. It trusts the trust
 * root alone: every bundle, vote, proof and count is checked here, and the gateway only carries.
 *
 * Every method rejects with a `VaultError` whose `code` is one of PROTOCOL 9, or with the reason of the caller's signal.
 * Codes are strings, which JavaScript cannot wipe; every byte array made from them is wiped before the call ends.
 */
export class VaultClient {
  private readonly parts: ClientParts;

  /** @throws REQUEST_INVALID naming `gatewayUrl` or `trustRoot` */
  constructor(private readonly options: VaultClientOptions) {
    const { deviceStore, accountToken, bindingKey, stretcher } = options;
    const clock = options.clock ?? systemClock;
    const random = options.random ?? systemRandom;
    const retries = options.retries ?? DEFAULT_RETRIES;
    const bundles = new BundleKeeper(trustRootOf(options), deviceStore, clock);
    const gateway = new Gateway({
      baseUrl: baseUrlOf(options.gatewayUrl),
      fetch: options.fetch ?? ((url, init) => fetch(url, init)),
      tryTimeoutMs: options.tryTimeoutMs ?? 8_000,
      accountToken,
      clock,
      random,
      bundles,
      retries,
    });
    this.parts = {
      gateway,
      bundles,
      bindingKey,
      stretcher,
      clock,
      random,
      retries,
      device: deviceStore,
      verifier: options.verifier ?? nobleVerifier,
      hpke: options.hpke ?? coreHpke,
      allowBenchSuite: options.allowBenchSuite ?? false,
    };
  }

  /**
   * Stores `backupKey` (32 bytes, left to the caller to wipe) under `code` (4 characters to 512 bytes). A second call
   * replaces the code. @throws CODE_WEAK, CONFLICT, RATE_LIMITED, BUNDLE_INVALID, BUNDLE_STALE, FLEET_UNAVAILABLE, TOKEN_INVALID
   */
  async protect(backupKey: Bytes, code: string, options: ProtectOptions = {}): Promise<ProtectResult> {
    if (options.allowWeakCode !== true) refuseWeakCode(code);
    return this.call({ ...options, purpose: 'register' }, async (context) => {
      const result = await protect(context, { backupKey, code, notAfterMs: options.notAfter?.getTime() ?? 0 });
      // A pending version does not take the code yet, and after its cool-down the one before does not any more.
      if (result.status === 'active') await this.keep(context, { ...result, code, backupKey });
      return result;
    });
  }

  /**
   * One attempt to get the backup key back, however often its messages are lost.
   * @throws CODE_WRONG with `attemptsLeft`, RECORD_LOCKED, RECORD_UNKNOWN, RATE_LIMITED with `retryAtMs`, NODE_MISBEHAVED
   * with the proof, FLEET_UNAVAILABLE
   */
  recover(code: string, options: CallOptions = {}): Promise<RecoverResult> {
    return this.call(options, async (context) => {
      const result = await recover(context, code);
      try {
        await this.keep(context, { ...result, code, backupKey: result.backupKey.reveal() });
        return result;
      } catch (error) {
        result.backupKey.wipe();
        throw error; // the same call costs nothing again
      }
    });
  }

  /**
   * Puts a new code in the place of the old one. Until q nodes have voted the old code works, then the new one does.
   * @throws as `recover` and `protect`; CODE_WEAK before an attempt is spent
   */
  async changeCode(change: CodeChange, options: ProtectOptions = {}): Promise<ProtectResult> {
    if (options.allowWeakCode !== true) refuseWeakCode(change.newCode);
    if ('backupKey' in change) return this.protect(change.backupKey, change.newCode, options);
    const { backupKey } = await this.recover(change.currentCode, options);
    try {
      return await this.protect(backupKey.reveal(), change.newCode, options);
    } finally {
      backupKey.wipe();
    }
  }

  /**
   * Whether a person still knows the code, asked now and then: tried on what this device keeps with `keepCodeCheck`, never on the
   * nodes, so that it costs no attempt. The nodes only say, signed, whether that code is still the one in force.
   * @param backupKey 32 bytes, left to the caller to wipe; @throws FLEET_UNAVAILABLE when too few nodes answer
   */
  checkCode(code: string, backupKey: Bytes, options: CallOptions = {}): Promise<CodeCheck> {
    return this.call(options, (context) => checkCode(context, code, backupKey));
  }

  /**
   * When to ask for the code next: a day after it was set or answered wrongly, then after 3, 7, 14, 30 and 90 days as long as it is
   * answered rightly. Null where this device keeps nothing to compare with.
   */
  codeCheckDueAt(options: CallOptions = {}): Promise<Date | null> {
    return this.call(options, async (context) => {
      const dueAtMs = await new KeptCode(context).dueAtMs();
      return dueAtMs === undefined ? null : new Date(dueAtMs);
    });
  }

  /** Deletes the record: nobody recovers it any more. */
  forget(options: CallOptions = {}): Promise<ForgetResult> {
    return this.call(options, async (context) => {
      const result = await forget(context);
      await new KeptCode(context).remove();
      return result;
    });
  }

  /** Ends a pending change that was asked for without this device's owner key. @returns the nodes that voted */
  cancelPending(options: CallOptions = {}): Promise<readonly number[]> {
    return this.call(options, cancelPending);
  }

  /** What the nodes say of the account, each answer signed and checked. Costs no attempt. */
  status(options: CallOptions = {}): Promise<VaultStatus> {
    return this.call(options, async (context) => statusOf(await askRecovering(context)));
  }

  /**
   * What was decided about the account in the last 90 days: attempts and changes, when, by which device, confirmed or not.
   * Every answer is signed by its node and checked; what fewer than q nodes show is marked, and so is what is missing.
   * Costs no attempt. @throws FLEET_UNAVAILABLE, TOKEN_INVALID, RATE_LIMITED
   */
  history(options: CallOptions = {}): Promise<VaultHistory> {
    return this.call(options, async (context) => askHistory(context, (await askRecovering(context)).fleet));
  }

  /** The newest validation bundle with every check that it passed, as strictly as before sealing a key. Needs no account. */
  fleet(options: CallOptions = {}): Promise<FleetReport> {
    return withDeadline(this.parts.clock, this.timeoutOf(options), options.signal, async (deadline) =>
      reportOf(await this.parts.gateway.newestBundle(deadline, 'register')),
    );
  }

  private async keep(context: CallContext, known: KnownCode): Promise<void> {
    if (this.options.keepCodeCheck === true) await new KeptCode(context).save(known);
  }

  private call<T>(
    { purpose = 'recover', ...options }: CallOptions & { readonly purpose?: Purpose },
    work: (context: CallContext) => Promise<T>,
  ): Promise<T> {
    return withDeadline(this.parts.clock, this.timeoutOf(options), options.signal, async (deadline) => {
      const uid = accountOf(await this.options.accountToken());
      return work({ ...this.parts, uid, deadline, purpose, onStep: options.onStep ?? (() => undefined) });
    });
  }

  private timeoutOf(options: CallOptions): number {
    return options.timeoutMs ?? this.options.timeoutMs ?? 30_000;
  }
}

function trustRootOf({ trustRoot, trustRootUpdates = [] }: VaultClientOptions): TrustRoot {
  try {
    return rotateTrustRoots(parseTrustRoot(trustRoot), trustRootUpdates);
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new VaultError('REQUEST_INVALID', `the trust root cannot be used: ${cause.message}`, { field: 'trustRoot' }, { cause });
  }
}

/** TLS is the application's choice of address: plain http is for a gateway on the same machine. */
function baseUrlOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined; // URL.parse is younger than Node 20
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:') || url.search !== '' || url.hash !== '') {
    throw invalid('gatewayUrl', 'is not an http or https address');
  }
  return url.href.replace(/\/+$/, '');
}
