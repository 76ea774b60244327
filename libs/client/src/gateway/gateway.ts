import {
  BUNDLE_HEADER,
  PROOF_HEADER,
  attemptRequest,
  attemptResponse,
  bundleResponse,
  confirmRequest,
  confirmResponse,
  consistencyResponse,
  entryJson,
  entryResponse,
  historyResponse,
  registerRequest,
  registerResponse,
  statusResponse,
} from '@strongroom/contracts';
import { toHex, type RandomSource } from '@strongroom/protocol';
import type { Purpose, VerifiedBundle } from '@strongroom/transparency';
import type { z } from 'zod';
import type { Deadline } from '../call/deadline.js';
import { retrying, type RetryPolicy } from '../call/retry.js';
import type { BundleKeeper } from '../fleet/bundle-keeper.js';
import type { Clock } from '../platform/clock.js';
import { carriedBytes } from './carried-bytes.js';
import { sendOnce, type Fetch, type HttpRequest } from './gateway-http.js';

type Json<Schema extends z.ZodType> = z.infer<Schema>;

export interface GatewayPorts {
  /** Without a slash at the end. */
  readonly baseUrl: string;
  readonly accountToken: () => Promise<string>;
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly bundles: BundleKeeper;
  readonly retries: RetryPolicy;
  readonly tryTimeoutMs: number;
}

/** The session gateway: it carries everything and is believed in nothing. A new bundle in an answer is accepted before the answer is used. */
export class Gateway {
  constructor(private readonly ports: GatewayPorts) {}

  register(body: Json<typeof registerRequest>, deadline: Deadline): Promise<Json<typeof registerResponse>> {
    return this.send({ method: 'POST', path: '/v1/records', body, answer: registerResponse }, deadline);
  }

  attempt(body: Json<typeof attemptRequest>, deadline: Deadline): Promise<Json<typeof attemptResponse>> {
    return this.send({ method: 'POST', path: '/v1/attempts', body, answer: attemptResponse }, deadline);
  }

  confirm(attemptId: Uint8Array, body: Json<typeof confirmRequest>, deadline: Deadline): Promise<Json<typeof confirmResponse>> {
    return this.send({ method: 'POST', path: `/v1/attempts/${toHex(attemptId)}/confirm`, body, answer: confirmResponse }, deadline);
  }

  /** @param proof `<base64url StatusQuery>.<base64url signature>` by the binding key */
  status(proof: string, deadline: Deadline): Promise<Json<typeof statusResponse>> {
    return this.send({ method: 'GET', path: '/v1/records/me', answer: statusResponse, headers: { [PROOF_HEADER]: proof } }, deadline);
  }

  /** @param proof `<base64url HistoryQuery>.<base64url signature>` by the binding key */
  history(proof: string, deadline: Deadline): Promise<Json<typeof historyResponse>> {
    return this.send(
      { method: 'GET', path: '/v1/records/me/history', answer: historyResponse, headers: { [PROOF_HEADER]: proof } },
      deadline,
    );
  }

  remove(entry: Json<typeof entryJson>, deadline: Deadline): Promise<Json<typeof entryResponse>> {
    return this.send({ method: 'DELETE', path: '/v1/records/me', body: { entry }, answer: entryResponse }, deadline);
  }

  cancel(entry: Json<typeof entryJson>, deadline: Deadline): Promise<Json<typeof entryResponse>> {
    return this.send({ method: 'POST', path: '/v1/records/me/cancel', body: { entry }, answer: entryResponse }, deadline);
  }

  /** The bundle in use, fetched when the device has none that serves the purpose, or none that witnesses vouch for. */
  async bundle(deadline: Deadline, purpose: Purpose): Promise<VerifiedBundle> {
    const held = await this.ports.bundles.current(purpose);
    const witnessed = held?.checks.every(({ outcome }) => outcome !== 'unwitnessed');
    return held && witnessed === true ? held : this.newestBundle(deadline, purpose);
  }

  async newestBundle(deadline: Deadline, purpose: Purpose): Promise<VerifiedBundle> {
    const request = { method: 'GET', path: '/v1/fleet-bundle', headers: {}, answer: bundleResponse } as const;
    const { note } = await retrying(this.ports.retries, this.ports, deadline, () => sendOnce(this.ports, deadline, request));
    return this.accept(note, purpose, deadline);
  }

  /** Where the device missed bundles, the proof that the log only grew is fetched beside it. */
  private accept(note: string, purpose: Purpose, deadline: Deadline): Promise<VerifiedBundle> {
    return this.ports.bundles.accept(note, purpose, async ({ oldSize, newSize }) => {
      const path = `/v1/fleet-bundle/consistency/${oldSize}/${newSize}`;
      const request = { method: 'GET', path, headers: {}, answer: consistencyResponse } as const;
      const { proof } = await retrying(this.ports.retries, this.ports, deadline, () => sendOnce(this.ports, deadline, request));
      return proof.map((hash) => carriedBytes(hash, 'proof'));
    });
  }

  private async send<Answer extends { readonly bundle?: string | undefined }>(
    request: Omit<HttpRequest<Answer>, 'headers'> & { readonly headers?: Readonly<Record<string, string>> },
    deadline: Deadline,
  ): Promise<Answer> {
    const held = await this.ports.bundles.current('recover');
    const answer = await retrying(this.ports.retries, this.ports, deadline, async () => {
      const headers = {
        ...request.headers,
        ...(held && { [BUNDLE_HEADER]: toHex(held.digest) }),
        // Asked for on every try: a token that expired meanwhile is replaced, and the entry stays the same one.
        authorization: `Bearer ${await this.ports.accountToken()}`,
      };
      return sendOnce(this.ports, deadline, { ...request, headers });
    });
    // Votes are checked with it; what seals secrets asks for its bundle again, with the purpose to register.
    if (answer.bundle !== undefined) await this.accept(answer.bundle, 'recover', deadline);
    return answer;
  }
}
