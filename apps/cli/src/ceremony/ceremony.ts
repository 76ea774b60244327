import { toHex, VaultError } from '@strongroom/protocol';
import { formed, type BundleView, type FleetPlan, type OperatorClient } from '@strongroom/stack';
import {
  appendStep,
  bundleFleetOf,
  deploymentName,
  draftEnvelope,
  formatEnvelope,
  KNOWN_ANSWERS,
  knownAnswerNonce,
  knownAnswerStep,
  outputDigest,
  parseEnvelope,
  rosterDigest,
  transcriptHead,
  trustRootDigest,
  type AttestedFleet,
  type Envelope,
  type KnownAnswer,
  type KnownAnswerName,
  type SoftwareEvidence,
  type TrustRoot,
} from '@strongroom/transparency';
import { awaitLive, namedBy, rosterOf } from './announced.js';
import { attestedFleets, buildStatement } from './build-statement.js';
import { newCeremony, type CeremonyFolder, type CeremonyState, type StageName } from './ceremony-state.js';
import { collectSignatures, demandSignatures, type Signing } from './signatures.js';
import type { Question } from './throw-away-account.js';

export type CeremonyOperator = Pick<
  OperatorClient,
  'enrolments' | 'fleets' | 'createFleet' | 'evidence' | 'proposeBundle' | 'submitDeployment' | 'bundle' | 'health'
>;

export type CeremonyParts = {
  readonly operator: CeremonyOperator;
  readonly trustRoot: TrustRoot;
  readonly folder: CeremonyFolder;
  readonly plan: FleetPlan;
  /** Who leads it, as the transcript names them. */
  readonly who: string;
  readonly signing: Signing;
  readonly software: () => Promise<SoftwareEvidence>;
  readonly ask: (question: Question) => Promise<KnownAnswer>;
  /** Tests that are left out, which the statement says. */
  readonly skip: ReadonlySet<KnownAnswerName>;
  /** Nodes that people have stopped for the test without a minority. */
  readonly stopped: readonly number[];
  /** A word of the people about something that went otherwise. */
  readonly remark: string | undefined;
  readonly nowMs: () => number;
};

export type HeldCeremony = { readonly envelope: Envelope; readonly digest: string; readonly bundle: BundleView };

/**
 * Leads a fleet from its machines to a bundle that names what custodians, auditor and operator have signed of it. Each step
 * is durable before the next begins, and done again is harmless, so whoever is stopped anywhere goes on from there.
 */
export class Ceremony {
  private state: CeremonyState;

  constructor(private readonly parts: CeremonyParts) {
    this.state = newCeremony(parts.plan.fleetId);
  }

  /**
   * @throws CONFLICT saying what people have to do before it goes on: sign, stop nodes, start them; REQUEST_INVALID as a
   * signing role refuses; RATE_LIMITED when nodes make the throw-away account wait
   */
  async hold(): Promise<HeldCeremony> {
    this.state = (await this.parts.folder.load()) ?? this.state;
    await this.open();
    await this.members();
    await this.lead('admission');
    await this.serve();
    for (const name of KNOWN_ANSWERS) await this.answer(name);
    return this.lead('acceptance');
  }

  private async open(): Promise<void> {
    const { trustRoot, remark, software } = this.parts;
    if (!this.has('trust-root')) await this.note('trust-root', `sha256:${toHex(trustRootDigest(trustRoot))}`);
    if (!this.state.software) {
      const found = await software();
      await this.note('software', outputDigest(found), '', { software: found });
    }
    const said = this.state.transcript.some(({ step, exception }) => step === 'remark' && exception === remark);
    if (remark !== undefined && !said && !this.state.acceptance) await this.note('remark', 'none', remark);
  }

  private async members(): Promise<void> {
    if (this.state.fleets) return;
    const { operator, plan } = this.parts;
    await formed(operator, plan, await operator.fleets());
    const fleets = attestedFleets(await operator.evidence());
    await this.note('members', `sha256:${toHex(rosterDigest(bundleFleetOf(this.fleet(fleets))))}`, '', { fleets });
  }

  /** One statement from its text to a bundle that names it. */
  private async lead(stage: StageName): Promise<HeldCeremony> {
    const { folder, plan } = this.parts;
    const draft = await this.draft(stage);
    const { keys, brought } = this.parts.signing;
    const inPlace = await folder.envelope(`${stage}.json`);
    const collected = await collectSignatures(draft, this.parts.trustRoot, { keys, brought: [...brought, ...(inPlace ? [inPlace] : [])] });
    const { envelope } = collected;
    await this.keep(stage, { envelope: formatEnvelope(envelope) });
    demandSignatures(collected, await folder.write(`${stage}.json`, formatEnvelope(envelope)));
    const digest = deploymentName(envelope);
    const submitted = this.state[stage]?.submitted === true;
    if (!submitted) plan.progress?.(`${stage}: publisher and auditor check and sign ${digest}`);
    const signed = submitted ? envelope : parseEnvelope((await this.parts.operator.submitDeployment(formatEnvelope(envelope))).envelope);
    await folder.write(`${stage}.json`, formatEnvelope(signed));
    await this.keep(stage, { envelope: formatEnvelope(signed), submitted: true });
    const bundle = await this.announce(digest, this.state[stage]?.bundleEpoch != null);
    // Noted before it is ticked off: whoever is stopped between the two comes by here again.
    if (stage === 'admission' && !this.has('announced')) await this.note('announced', `sha256:${bundle.digest}`);
    await this.keep(stage, { bundleEpoch: this.state[stage]?.bundleEpoch ?? bundle.epoch });
    return { envelope: signed, digest, bundle };
  }

  private async draft(stage: StageName): Promise<Envelope> {
    const kept = this.state[stage];
    if (kept) return parseEnvelope(kept.envelope);
    const { trustRoot, nowMs, plan, operator } = this.parts;
    const { fleets, software, transcript, knownAnswers, admission } = this.state;
    if (!fleets || !software) throw new VaultError('INTERNAL', 'the ceremony has no members yet');
    const predecessor = admission ? deploymentName(parseEnvelope(admission.envelope)) : namedBy(await operator.bundle());
    const issued = Math.max(Math.floor(nowMs() / 1000), transcript.at(-1)?.at ?? 0);
    const parts = { trustRoot, fleetId: plan.fleetId, fleets, software, transcript, knownAnswers, stage, predecessor, issued };
    const envelope = draftEnvelope(buildStatement(parts));
    await this.save({ [stage]: { envelope: formatEnvelope(envelope), submitted: false, bundleEpoch: null } });
    return envelope;
  }

  private async announce(digest: string, before: boolean): Promise<BundleView> {
    const current = await this.parts.operator.bundle();
    if (current && (before || namedBy(current) === digest)) return current;
    this.parts.plan.progress?.('publisher and auditor sign the bundle');
    const bundle = await this.parts.operator.proposeBundle();
    if (namedBy(bundle) === digest) return bundle;
    throw new VaultError('CONFLICT', `the bundle names ${namedBy(bundle)}, not ${digest}: another ceremony is under way`, {
      field: 'deployment',
    });
  }

  private async serve(): Promise<void> {
    if (this.has('serving')) return;
    const { fleetId } = this.parts.plan;
    this.parts.plan.progress?.('waiting for every node to serve');
    await awaitLive(this.parts, `every node of fleet ${fleetId} to serve`, 0);
    await this.note('serving', 'none');
  }

  private async answer(name: KnownAnswerName): Promise<void> {
    const step = knownAnswerStep(name);
    if (this.has(step)) return;
    const { skip, stopped, ask, plan } = this.parts;
    if (skip.has(name)) return this.note(step, 'none', 'left out on purpose');
    const absent = name === 'minority-lost' ? stopped : [];
    await this.awaitMinority(name, absent);
    plan.progress?.(`asking the fleet: ${name}`);
    const nonce = knownAnswerNonce(transcriptHead(this.state.transcript), name);
    const answer = await ask({ name, nonce, absent, roster: rosterOf(this.fleet(this.state.fleets ?? [])), timeoutMs: plan.timeoutMs });
    await this.note(step, outputDigest(answer), '', { knownAnswers: [...this.state.knownAnswers, answer] });
  }

  /** People stop and start nodes, nothing else can; this waits until the gateway sees it. */
  private async awaitMinority(name: KnownAnswerName, absent: readonly number[]): Promise<void> {
    const { n, q } = this.fleet(this.state.fleets ?? []);
    if (name === 'minority-lost' && absent.length === 0) {
      const much = n - q === 1 ? 'one node' : `one to ${n - q} nodes`;
      const message = `stop ${much} of fleet ${this.parts.plan.fleetId}, then go on with --stopped and their numbers, or leave it out with --skip minority-lost`;
      throw new VaultError('CONFLICT', message, { field: 'stopped', needed: 'stopped' });
    }
    await awaitLive(this.parts, absent.length === 0 ? 'every node to be started' : `nodes ${absent.join(', ')} to be gone`, absent.length);
  }

  private fleet(fleets: readonly AttestedFleet[]): AttestedFleet {
    const own = fleets.find(({ fleetId }) => fleetId === this.parts.plan.fleetId);
    if (!own) throw new VaultError('NOT_FOUND', `the registry has no fleet ${this.parts.plan.fleetId}`, { field: 'fleet' });
    return own;
  }

  private has(name: string): boolean {
    return this.state.transcript.some(({ step }) => step === name);
  }

  private async note(step: string, output: string, exception = '', changes: Partial<CeremonyState> = {}): Promise<void> {
    const { nowMs, who } = this.parts;
    const at = Math.max(Math.floor(nowMs() / 1000), this.state.transcript.at(-1)?.at ?? 0);
    await this.save({ ...changes, transcript: appendStep(this.state.transcript, { at, exception, output, step, who }) });
  }

  private async keep(stage: StageName, changes: Partial<NonNullable<CeremonyState['admission']>>): Promise<void> {
    const kept = this.state[stage];
    if (kept) await this.save({ [stage]: { ...kept, ...changes } });
  }

  private async save(changes: Partial<CeremonyState>): Promise<void> {
    this.state = { ...this.state, ...changes };
    await this.parts.folder.save(this.state);
  }
}
