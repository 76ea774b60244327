import { attemptRequest, confirmRequest, entryRequest, registerRequest, PROOF_HEADER, BUNDLE_HEADER } from '@strongroom/contracts';
import {
  VaultError,
  attemptId,
  equal,
  fromBase64url,
  parseEntryCore,
  parseHistoryQuery,
  parseRecord,
  parseStatusQuery,
  recordHash,
  toBase64url,
  toHex,
  verifyConfirmation,
  verifyEntrySignature,
  type AccountPolicy,
  type AttemptCore,
  type DecidedSet,
  type Entry,
} from '@strongroom/protocol';
import { bundleDigest, consistencyProof } from '@strongroom/transparency';
import { accountOf } from '../account/account-token.js';
import type { Fetch } from '../gateway/gateway-http.js';
import { toDecidedJson, toStatementJson } from '../gateway/statement-json.js';
import { evaluateAs, releaseAs, type StoredRecord } from './example-evaluation.js';
import type { ExampleFleet, ExampleNode } from './example-fleet.js';
import { historyPageOf } from './example-history.js';
import { nativeVerifier } from './native-verifier.js';
import { ExampleLog } from './example-log.js';
import { refreshedRecord, votedSharing, type RefreshedRecord } from './example-refresh.js';

export interface ExampleCall {
  /** 1 for the first request of all. */
  readonly number: number;
  readonly route: string;
  readonly body: unknown;
  readonly headers: Headers;
}

/** Specs only: what goes wrong on the way. `lose-request` never reaches the fleet, `lose-answer` is carried out and not answered. */
export type Fault = 'lose-request' | 'lose-answer' | Response;

/** Specs only: a gateway with a whole honest fleet behind it, in this process; nodes lie and the gateway forges on request. */
export class ExampleGateway {
  readonly calls: ExampleCall[] = [];
  readonly down = new Set<number>();
  readonly lying = new Set<number>();
  fault: (call: ExampleCall) => Fault | undefined = () => undefined;
  /** What happens in the fleet before a request is carried out. */
  before: (route: string) => Promise<void> = () => Promise.resolve();
  /** Changes an answer on its way; what it returns is sent. */
  tamper: (route: string, answer: object) => object = (_route, answer) => answer;
  /** Texts of the bundles in their log, for the proofs that it only grew. */
  logged: readonly string[] = [];
  policy: AccountPolicy = { attempts: 10, coolDownMs: 86_400_000, delaysMs: [], maxSkewMs: 120_000 };
  private readonly logs = new Map<string, ExampleLog>();
  private readonly records = new Map<string, StoredRecord>();
  /** What a record became, by the hash under which it was registered. */
  private readonly refreshed = new Map<string, RefreshedRecord>();
  private readonly evaluations = new Map<string, Promise<object>>();
  private readonly attempts = new Map<string, { readonly core: AttemptCore; readonly set: DecidedSet }>();

  constructor(
    public fleet: ExampleFleet,
    private readonly nowMs: () => number,
  ) {}

  readonly fetch: Fetch = async (url, init) => {
    const path = new URL(url).pathname;
    const route = `${init.method} ${path.replace(/[0-9a-f]{64}/, ':id')}`;
    const headers = new Headers(init.headers);
    const body: unknown = typeof init.body === 'string' ? JSON.parse(init.body) : undefined;
    const call = { number: this.calls.length + 1, route, body, headers };
    this.calls.push(call);
    const fault = this.fault(call);
    if (fault === 'lose-request') throw new TypeError('fetch failed');
    if (fault instanceof Response) return fault;
    const response = await this.answer(route, path, call);
    if (fault === 'lose-answer') throw new TypeError('fetch failed');
    return response;
  };

  logOf(token: string): ExampleLog {
    const uid = accountOf(token);
    const log = this.logs.get(toHex(uid)) ?? new ExampleLog(uid, this.policy);
    this.logs.set(toHex(uid), log);
    return log;
  }

  /** Makes the account's shares anew, as a fleet does between two messages. */
  async refresh(token: string): Promise<void> {
    const name = toHex(this.logOf(token).state.active?.recordHash ?? new Uint8Array(0));
    this.refreshed.set(name, await refreshedRecord(this.fleet, this.recordOf(token)));
  }

  routes(): readonly string[] {
    return this.calls.map(({ route }) => route);
  }

  private get alive(): readonly ExampleNode[] {
    return this.fleet.nodes.filter(({ index }) => !this.down.has(index));
  }

  private async answer(route: string, path: string, call: ExampleCall): Promise<Response> {
    try {
      const digest = toHex(bundleDigest(this.fleet.text));
      const inline = call.headers.get(BUNDLE_HEADER) === digest ? {} : { bundle: this.fleet.note };
      if (route === 'GET /v1/fleet-bundle') return json(200, this.tamper(route, { epoch: 1, digest, note: this.fleet.note }));
      const [, sizes] = route.split('GET /v1/fleet-bundle/consistency/');
      if (sizes !== undefined) return json(200, this.tamper('consistency', { proof: this.consistency(sizes) }));
      const token = call.headers.get('authorization')?.replace('Bearer ', '') ?? '';
      return json(200, this.tamper(route, { ...(await this.route(route, path, token, call)), ...inline }));
    } catch (error) {
      if (!(error instanceof VaultError)) throw error;
      return json(error.code === 'FLEET_UNAVAILABLE' ? 503 : 409, {
        type: 'about:blank',
        title: error.message,
        status: 409,
        code: error.code,
        ...error.metadata,
      });
    }
  }

  private consistency(sizes: string): readonly string[] {
    const [oldSize = 0, newSize = 0] = sizes.split('/').map(Number);
    return consistencyProof(this.logged.slice(0, newSize).map(bundleDigest), oldSize).map(toBase64url);
  }

  private async route(route: string, path: string, token: string, call: ExampleCall): Promise<object> {
    await this.before(route);
    switch (route) {
      case 'POST /v1/records':
        return this.register(token, registerRequest.parse(call.body));
      case 'POST /v1/attempts':
        return this.attempt(token, attemptRequest.parse(call.body));
      case 'POST /v1/attempts/:id/confirm':
        return this.confirm(token, path.split('/')[3] ?? '', confirmRequest.parse(call.body));
      case 'GET /v1/records/me':
        return this.status(token, call.headers.get(PROOF_HEADER) ?? '');
      case 'GET /v1/records/me/history':
        return this.history(token, call.headers.get(PROOF_HEADER) ?? '');
      case 'DELETE /v1/records/me':
      case 'POST /v1/records/me/cancel':
        return { decided: toDecidedJson(this.submit(token, entryRequest.parse(call.body).entry)) };
      default:
        throw new VaultError('NOT_FOUND', route);
    }
  }

  private submit(token: string, entry: ReturnType<typeof entryRequest.parse>['entry']): DecidedSet {
    const core = parseEntryCore(fromBase64url(entry.core));
    const ownerSignature = entry.ownerSignature === null ? null : fromBase64url(entry.ownerSignature);
    const full: Entry = { core, signature: fromBase64url(entry.signature), ownerSignature, token };
    if (!verifyEntrySignature(full, nativeVerifier) || !equal(core.uid, accountOf(token)))
      throw new VaultError('TOKEN_INVALID', 'not bound');
    const set = this.logOf(token).submit(this.fleet, this.alive, full, this.nowMs());
    if (core.kind === 'attempt') this.attempts.set(toHex(attemptId(core)), { core, set });
    return set;
  }

  private async register(token: string, request: ReturnType<typeof registerRequest.parse>): Promise<object> {
    const record = parseRecord(fromBase64url(request.record));
    const hash = recordHash(record);
    const set = this.submit(token, request.entry);
    const sealed = request.sealed.map((text) => fromBase64url(text));
    this.records.set(toHex(hash), { epoch: this.fleet.roster.epoch, record, hash, encoded: request.record, sealed });
    return { decided: toDecidedJson(set) };
  }

  private async attempt(token: string, { entry, avoid = [] }: ReturnType<typeof attemptRequest.parse>): Promise<object> {
    const set = this.submit(token, entry);
    const core = parseEntryCore(fromBase64url(entry.core));
    const stored = this.recordOf(token);
    if (core.kind !== 'attempt') throw new VaultError('REQUEST_INVALID', 'no attempt');
    const chosen = [...this.alive]
      .sort((a, b) => Number(avoid.includes(a.index)) - Number(avoid.includes(b.index)))
      .slice(0, this.fleet.roster.t);
    const evaluations = await Promise.all(chosen.map((node) => this.evaluation(node, stored, core, set)));
    return { decided: toDecidedJson(set), record: stored.encoded, ...votedSharing(stored), evaluations };
  }

  /** Computed once for each node and attempt, as the curve arithmetic is what these specs spend their time on. */
  private evaluation(node: ExampleNode, stored: StoredRecord, core: AttemptCore, set: DecidedSet): Promise<object> {
    const lies = this.lying.has(node.index);
    const name = `${toHex(stored.hash)}.${toHex(attemptId(core))}.${this.fleet.roster.epoch}.${node.index}.${lies}`;
    const made =
      this.evaluations.get(name) ??
      evaluateAs(this.fleet, node, stored, core, this.context(node, core, set), lies).then(({ evaluation, signature }) => ({
        node: node.index,
        evaluation: toBase64url(evaluation),
        signature: toBase64url(signature),
      }));
    this.evaluations.set(name, made);
    return made;
  }

  private async confirm(token: string, id: string, request: ReturnType<typeof confirmRequest.parse>): Promise<object> {
    const known = this.attempts.get(id);
    const stored = this.recordOf(token);
    if (!known || known.set.index !== request.index) throw new VaultError('REQUEST_INVALID', 'no such attempt');
    const { core, set } = known;
    const confirmed = { fleetId: core.fleetId, uid: core.uid, ver: request.ver, index: set.index, attemptId: attemptId(core) };
    const good = verifyConfirmation(nativeVerifier, stored.record.confirmPk, confirmed, fromBase64url(request.signature));
    if (!good) throw new VaultError('REQUEST_INVALID', 'not confirmed');
    const log = this.logOf(token);
    log.lastOk = Math.max(log.lastOk, set.index);
    log.confirmations.set(set.index, fromBase64url(request.signature));
    const secrets = await Promise.all(
      this.alive.map(async (node) => {
        const sealed = await releaseAs(this.fleet, node, stored, core, this.context(node, core, set), this.lying.has(node.index));
        return { node: node.index, sealedSecret: toBase64url(sealed) };
      }),
    );
    return { secrets };
  }

  private status(token: string, proof: string): object {
    const [query = '', signature = ''] = proof.split('.');
    const parsed = parseStatusQuery(fromBase64url(query));
    if (!nativeVerifier.verify(parsed.bindingKey, fromBase64url(query), fromBase64url(signature)))
      throw new VaultError('TOKEN_INVALID', 'no proof');
    const log = this.logOf(token);
    return { statements: this.alive.map((node) => toStatementJson(log.statement(this.fleet, node, parsed.nonce, this.nowMs()))) };
  }

  private history(token: string, proof: string): object {
    const query = parseHistoryQuery(fromBase64url(proof.split('.')[0] ?? ''));
    return { pages: this.alive.map((node) => historyPageOf(this.logOf(token), this.fleet, node, query)) };
  }

  private recordOf(token: string): StoredRecord {
    const name = toHex(this.logOf(token).state.active?.recordHash ?? new Uint8Array(0));
    const stored = this.refreshed.get(name) ?? this.records.get(name);
    if (!stored) throw new VaultError('RECORD_UNKNOWN', 'no record');
    return stored;
  }

  private context(node: ExampleNode, core: AttemptCore, set: DecidedSet) {
    const { fleetId, epoch } = this.fleet.roster;
    return { fleetId, epoch, node: node.index, uid: core.uid, ver: core.ver, index: set.index, attemptId: attemptId(core) };
  }
}

function json(status: number, body: object): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });
}
