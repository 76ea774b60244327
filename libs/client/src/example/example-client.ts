import { nobleSigner, toBase64url, utf8 } from '@strongroom/protocol';
import { DEFAULT_RETRIES } from '../call/retry.js';
import { MemoryDeviceStore } from '../device/memory-device-store.js';
import type { VaultClientOptions } from '../client-options.js';
import { VaultClient } from '../vault-client.js';
import { exampleTrustRoot, makeExampleFleet, type ExampleFleetOptions } from './example-fleet.js';
import { ExampleGateway } from './example-gateway.js';
import { nativeVerifier } from './native-verifier.js';
import { InstantClock } from './instant-clock.js';

/** Specs only: an unsigned token; the example gateway reads its account and checks the entry's own signature. */
export function exampleToken(sub: string): string {
  return `e30.${toBase64url(utf8(JSON.stringify({ iss: 'https://issuer.example', sub })))}.e30`;
}

export interface ExampleSetup {
  readonly gateway: ExampleGateway;
  readonly clock: InstantClock;
  /** Another device of the same account, unless told otherwise, with nothing stored. */
  readonly device: (changes?: Partial<VaultClientOptions>, sub?: string) => VaultClient;
  readonly token: string;
  readonly trustRoot: string;
}

export async function exampleSetup(options: ExampleFleetOptions = {}): Promise<ExampleSetup> {
  const clock = new InstantClock();
  const gateway = new ExampleGateway(await makeExampleFleet(options), () => clock.nowMs());
  let devices = 0;
  const device = (changes: Partial<VaultClientOptions> = {}, sub = 'alice'): VaultClient =>
    new VaultClient({
      gatewayUrl: 'http://gateway.example',
      trustRoot: exampleTrustRoot,
      accountToken: async () => exampleToken(sub),
      bindingKey: nobleSigner(new Uint8Array(32).fill(100 + devices++)),
      deviceStore: new MemoryDeviceStore(),
      stretcher: { argon2id: () => Promise.reject(new Error('the example fleet does not stretch')) },
      allowBenchSuite: true,
      fetch: gateway.fetch,
      clock,
      verifier: nativeVerifier,
      retries: { ...DEFAULT_RETRIES, tries: 3 },
      ...changes,
    });
  return { gateway, clock, device, token: exampleToken('alice'), trustRoot: exampleTrustRoot };
}
