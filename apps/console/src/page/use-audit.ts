import { FormatError, parseTrustRoot, trustRootDigest, type AuditPlaces, type Purpose, type TrustRoot } from '@strongroom/transparency';
import { useRef, useState } from 'preact/hooks';
import { judgeDeployment } from '../evidence/judge-deployment.js';
import { judgeBundle, withMemorySaved } from '../judge/judge-bundle.js';
import { kindOf, MAX_DROPPED_BYTES, unwrapped } from '../judge/dropped.js';
import { hexOf, seenJson } from '../judge/seen.js';
import { auditLive, type LiveAnswer } from '../live/live-audit.js';
import { readPlaces, type PlacesTyped } from '../live/places.js';
import type { Shown } from './shown.js';
import type { Surroundings } from './surroundings.js';

/** What was given, each verbatim. */
export type Given = {
  readonly trustRoot: { readonly text: string; readonly root: TrustRoot; readonly digest: string } | undefined;
  readonly bundle: string | undefined;
  readonly deployment: string | undefined;
  readonly purpose: Purpose;
};

export type Audit = {
  readonly given: Given;
  readonly shown: Shown | undefined;
  /** Why the last thing that was given or asked is of no use. */
  readonly complaint: string | undefined;
  readonly busy: string | undefined;
  readonly take: (text: string) => void;
  readonly choose: (purpose: Purpose) => void;
  readonly askLive: (typed: PlacesTyped) => Promise<void>;
  readonly stop: () => void;
  readonly forget: () => void;
};

const NOTHING: Given = { trustRoot: undefined, bundle: undefined, deployment: undefined, purpose: 'register' };

/** The page's state: what was given is judged again whenever any of it changes. */
export function useAudit({ fetch, nowMs, memory }: Surroundings): Audit {
  const [given, setGiven] = useState(NOTHING);
  // Several files may be dropped at once: each has to meet what the one before has left.
  const latest = useRef(NOTHING);
  const [shown, setShown] = useState<Shown | undefined>(undefined);
  const [complaint, setComplaint] = useState<string | undefined>(undefined);
  const [busy, setBusy] = useState<string | undefined>(undefined);
  /** The live audit that is under way. */
  const running = useRef<AbortController | undefined>(undefined);

  /** What is under way was asked about something else than what is given now. */
  function judge(next: Given): void {
    running.current?.abort();
    latest.current = next;
    setGiven(next);
    setComplaint(undefined);
    setShown(judged(next, nowMs()));
  }

  function take(raw: string): void {
    const reason = refusal(() => judge(taken(latest.current, raw)));
    if (reason !== undefined) setComplaint(reason);
  }

  function choose(purpose: Purpose): void {
    const next = { ...latest.current, purpose };
    if (next.bundle !== undefined) return judge(next);
    latest.current = next;
    setGiven(next);
  }

  async function askLive(typed: PlacesTyped): Promise<void> {
    const places = readPlaces(typed);
    const { trustRoot } = latest.current;
    if (!trustRoot) return setComplaint('Give the trust root first: without it nothing that a log says can be checked.');
    if (typeof places === 'string') return setComplaint(places);
    running.current?.abort();
    const ending = new AbortController();
    running.current = ending;
    setComplaint(undefined);
    setShown(undefined);
    setBusy('asking');
    const onProgress = (done: number, size: number): void => setBusy(`${done} of ${size} entries`);
    const seen = memory.load(trustRoot.digest);
    try {
      const question = { trustRoot: trustRoot.text, places, seen, nowMs: nowMs(), signal: ending.signal, onProgress };
      show(await auditLive(question, fetch), places, trustRoot);
    } catch (error) {
      if (ending.signal.aborted) return;
      setComplaint('This page itself failed, so nothing was checked. The reason is in the browser\u2019s console.');
      throw error;
    } finally {
      if (running.current === ending) {
        running.current = undefined;
        setBusy(undefined);
      }
    }
  }

  function show(answer: LiveAnswer, places: AuditPlaces, { text, digest }: NonNullable<Given['trustRoot']>): void {
    const { report, served, deployment, silent } = answer;
    const verified = served?.judged.verified;
    const before = memory.load(digest);
    const seen = { memory: verified ? seenJson(verified.memory) : before.memory, checkpoint: report.checkpoint ?? before.checkpoint };
    const kept = memory.save(digest, seen);
    const bundle = served && (kept ? { ...served, judged: withMemorySaved(served.judged, 'in this browser') } : served);
    latest.current = { ...latest.current, bundle: undefined, deployment: undefined };
    setGiven(latest.current);
    setShown({
      places,
      bundle,
      report,
      silent,
      deployment: deployment === undefined ? undefined : judgeDeployment(deployment, text, served?.source),
    });
  }

  return {
    given,
    shown,
    complaint,
    busy,
    take,
    choose,
    askLive,
    stop: () => running.current?.abort(),
    forget: () => given.trustRoot && memory.forget(given.trustRoot.digest),
  };
}

/** @throws FormatError for a text that is none of the three */
function taken(given: Given, raw: string): Given {
  if (raw.length > MAX_DROPPED_BYTES) throw new FormatError('file', 'is longer than anything that this page reads');
  const text = unwrapped(raw);
  switch (kindOf(text)) {
    case 'trust-root': {
      const root = parseTrustRoot(text);
      return { ...given, trustRoot: { text, root, digest: hexOf(trustRootDigest(root)) } };
    }
    case 'bundle':
      return { ...given, bundle: text };
    case 'deployment':
      return { ...given, deployment: text };
    case undefined:
      throw new FormatError('file', 'is no trust root, no bundle with its proof, and no deployment statement');
  }
}

function judged({ trustRoot, bundle, deployment, purpose }: Given, nowMs: number): Shown | undefined {
  if (!trustRoot || (bundle === undefined && deployment === undefined)) return undefined;
  const question = { trustRoot: trustRoot.text, purpose, nowMs, memory: null, consistency: null };
  return {
    places: undefined,
    bundle: bundle === undefined ? undefined : { source: bundle, judged: judgeBundle({ ...question, source: bundle }) },
    report: undefined,
    deployment: deployment === undefined ? undefined : judgeDeployment(deployment, trustRoot.text, bundle),
    silent: [],
  };
}

function refusal(run: () => void): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    if (error instanceof FormatError) return `This cannot be read. ${error.message}.`;
    throw error;
  }
}
