import { MemoryDeviceStore } from '@strongroom/client';
import { exampleSetup, exampleToken } from '@strongroom/client/example';
import { nodeVerifier } from '@strongroom/platform';
import { nobleSigner } from '@strongroom/protocol';
import { KNOWN_ANSWERS, knownAnswerNonce, type KnownAnswer } from '@strongroom/transparency';
import type { Answers } from './evidence-corpus.fixture.js';
import { ThrowAwayAccount } from './throw-away-account.js';

/** Every known answer of an example fleet, asked for at the beginning of a transcript; nodes 4 and 5 stop for one of them. */
export async function exampleAnswers(): Promise<Answers> {
  const { gateway, clock, trustRoot } = await exampleSetup();
  const account = new ThrowAwayAccount({
    gatewayUrl: 'http://gateway.example',
    trustRoot,
    accountToken: async () => exampleToken('ceremony'),
    bindingKey: nobleSigner(new Uint8Array(32).fill(99)),
    deviceStore: new MemoryDeviceStore(),
    stretcher: { argon2id: () => Promise.reject(new Error('the example fleet does not stretch')) },
    allowBenchSuite: true,
    verifier: nodeVerifier,
    fetch: gateway.fetch,
    clock,
  });
  const { roster } = gateway.fleet;
  const answers: KnownAnswer[] = [];
  for (const name of KNOWN_ANSWERS) {
    const absent = name === 'minority-lost' ? [4, 5] : [];
    for (const node of absent) gateway.down.add(node);
    answers.push(await account.ask({ name, nonce: knownAnswerNonce('0'.repeat(64), name), absent, roster, timeoutMs: 2_000 }));
    gateway.down.clear();
  }
  return { roster, answers };
}
