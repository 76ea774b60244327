import { describeParameters, PROFILES, requireParameters } from '@strongroom/stack';
import { fromBase64url, toHex } from '@strongroom/protocol';
import { KNOWN_ANSWERS, knownAnswerStep, parseEnvelope, verifyEnvelope } from '@strongroom/transparency';
import { namedBy } from './announced.js';
import type { CeremonyParts } from './ceremony.js';

export type DryStep = { readonly step: string; readonly state: 'done' | 'next' | 'later' | 'missing'; readonly what: string };

/** What the ceremony would do from here, read and nothing else: no file is written, nobody is asked to sign, no code is tried. */
export async function describeCeremony({
  operator,
  trustRoot,
  folder,
  plan,
  skip,
  stopped,
  signing,
}: CeremonyParts): Promise<readonly DryStep[]> {
  const state = await folder.load();
  const fleets = await operator.fleets();
  const existing = fleets.find(({ fleetId }) => fleetId === plan.fleetId);
  const parameters = existing?.parameters ?? plan.parameters ?? PROFILES.standard;
  requireParameters(parameters);
  const taken = new Set(fleets.filter((fleet) => fleet.state !== 'retired').flatMap(({ members }) => members));
  const enrolled = await operator.enrolments();
  const free = enrolled.filter(({ digest }) => (plan.members ? plan.members.includes(digest) : !taken.has(digest))).slice(-parameters.n);
  const chosen = existing ? enrolled.filter(({ digest }) => existing.members.includes(digest)) : free;
  const noted = (step: string): boolean => state?.transcript.some((each) => each.step === step) ?? false;
  const { threshold, keys } = trustRoot.custodians ?? { threshold: 0, keys: [] };
  const signatures = (envelope: string | undefined): number =>
    envelope === undefined ? 0 : verifyEnvelope(parseEnvelope(envelope), keys).length;
  const steps: readonly Omit<DryStep, 'state'>[] = [
    { step: 'software', what: 'digests of what is installed here' },
    {
      step: 'members',
      what: `fleet ${plan.fleetId}, ${describeParameters(parameters)}, of ${chosen.map(({ identityKey }) => toHex(fromBase64url(identityKey, 'identityKey'))).join(', ')}`,
    },
    {
      step: 'admission',
      what: `${signatures(state?.admission?.envelope)} of ${threshold} custodians have signed, ${signing.keys.length} keys lie here; after ${namedBy(await operator.bundle())}`,
    },
    { step: 'serving', what: `${parameters.n} nodes have to serve` },
    ...KNOWN_ANSWERS.map((name) => ({ step: knownAnswerStep(name), what: whatOf(name, skip.has(name), stopped) })),
    { step: 'acceptance', what: `${signatures(state?.acceptance?.envelope)} of ${threshold} custodians have signed` },
  ];
  const isDone = ({ step }: Omit<DryStep, 'state'>): boolean =>
    step === 'admission'
      ? state?.admission?.bundleEpoch != null
      : step === 'acceptance'
        ? state?.acceptance?.bundleEpoch != null
        : noted(step);
  const next = steps.findIndex((step) => !isDone(step));
  return steps.map((each, i) => {
    const lacking = each.step === 'members' && chosen.length < parameters.n;
    return { ...each, state: isDone(each) ? 'done' : lacking ? 'missing' : i === next ? 'next' : 'later' };
  });
}

function whatOf(name: (typeof KNOWN_ANSWERS)[number], skipped: boolean, stopped: readonly number[]): string {
  if (skipped) return 'left out, which the statement will say';
  if (name === 'minority-lost') return stopped.length > 0 ? `without nodes ${stopped.join(', ')}` : 'people stop a minority first';
  return 'with a throw-away account';
}
