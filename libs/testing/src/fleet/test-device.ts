import { MemoryDeviceStore, VaultClient, type DeviceStore, type Fetch, type VaultClientOptions } from '@strongroom/client';
import { workerThreadStretcher } from '@strongroom/client/node';
import { DEVELOPMENT_ISSUER, mintDevelopmentToken, nodeSigner, nodeVerifier, SystemRandom } from '@strongroom/platform';
import { accountId, toHex, type Bytes, type Signer } from '@strongroom/protocol';

/** One person's device: its own binding key, its own store, and a client over them. */
export class TestDevice {
  readonly bindingKey: Signer;
  readonly store: DeviceStore = new MemoryDeviceStore();
  readonly client: VaultClient;

  constructor(
    readonly account: string,
    options: Pick<VaultClientOptions, 'gatewayUrl' | 'trustRoot'> & Partial<VaultClientOptions>,
  ) {
    this.bindingKey = nodeSigner(new SystemRandom().bytes(32));
    this.client = new VaultClient({
      accountToken: () => this.token(),
      bindingKey: this.bindingKey,
      deviceStore: this.store,
      stretcher: workerThreadStretcher(),
      verifier: nodeVerifier,
      allowBenchSuite: true,
      ...options,
    });
  }

  /** Account id, 32 bytes. */
  get uid(): Bytes {
    return accountId(DEVELOPMENT_ISSUER, this.account);
  }

  token(): Promise<string> {
    return mintDevelopmentToken({ sub: this.account, bindingKey: this.bindingKey.publicKey, nowMs: Date.now() });
  }
}

/** Passes requests on, and loses what `loses` says: the request before it is sent, or the answer after it came. */
export function lossyFetch(loses: (path: string, count: number) => 'request' | 'answer' | null): Fetch {
  let count = 0;
  return async (url, init) => {
    count += 1;
    const lost = loses(new URL(url).pathname, count);
    if (lost === 'request') throw new TypeError('fetch failed');
    const answer = await fetch(url, init);
    if (lost === null) return answer;
    await answer.arrayBuffer();
    throw new TypeError('fetch failed');
  };
}

/** A name that no earlier run of a test has used. */
export function freshAccount(prefix: string): string {
  return `${prefix}-${toHex(new SystemRandom().bytes(6))}`;
}
