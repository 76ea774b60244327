import { FormatError } from '../errors/format-error.js';
import { formatVkey, parseCosignerVkey, parseVkey } from '../vkey/vkey.js';
import { refusePolicy, type Policy, type PolicyGroup, type PolicyLog, type PolicyWitness } from './policy.js';

const MAX_POLICY_BYTES = 65_536;

/**
 * Reads a policy file. Lines of white space and lines that begin with `#` are ignored, as C2SP tlog-policy has it; the
 * order of groups matters, that of logs and witnesses does not. Key types other than Ed25519 are refused.
 * @throws FormatError
 */
export function parsePolicy(text: string): Policy {
  if (text.length > MAX_POLICY_BYTES) throw new FormatError('policy', 'is too long');
  // Tab and newline are the only control characters; what is not ASCII is opaque.
  if (/[^\t\n -~\u0080-\uffff]/.test(text) || /\p{Cs}/u.test(text))
    throw new FormatError('policy', 'has control characters or broken text');
  if (!text.endsWith('\n')) throw new FormatError('policy', 'does not end with a newline');
  const draft: Draft = { logs: [], witnesses: [], groups: [], quorums: [], names: new Set() };
  for (const line of text.slice(0, -1).split('\n')) {
    const [keyword, ...items] = line.split(/[ \t]+/).filter((item) => item !== '');
    if (keyword !== undefined && !keyword.startsWith('#')) readLine(draft, keyword, items);
  }
  const [quorum, ...more] = draft.quorums;
  if (quorum === undefined || more.length > 0) throw new FormatError('quorum', 'is not given exactly once');
  const { logs, witnesses, groups } = draft;
  const policy: Policy = { logs, witnesses, groups, quorum };
  refusePolicy(policy);
  return policy;
}

/** One text for a policy: logs, witnesses, groups, quorum, thresholds in numbers. @throws FormatError when a rule is broken */
export function formatPolicy(policy: Policy): string {
  const lines = [
    ...policy.logs.map(({ vkey, url }) => ['log', formatVkey(vkey), ...(url === undefined ? [] : [url])]),
    ...policy.witnesses.map(({ name, vkey, url }) => ['witness', name, formatVkey(vkey), ...(url === undefined ? [] : [url])]),
    ...policy.groups.map(({ name, threshold, members }) => ['group', name, `${threshold}`, ...members]),
    ['quorum', policy.quorum],
  ];
  const text = lines.map((items) => `${items.join(' ')}\n`).join('');
  if (!isSamePolicy(parsePolicy(text), policy)) throw new FormatError('policy', 'cannot be written');
  return text;
}

type Draft = {
  readonly logs: PolicyLog[];
  readonly witnesses: PolicyWitness[];
  readonly groups: PolicyGroup[];
  readonly quorums: string[];
  /** Defined so far: a line names only what stands before it. */
  readonly names: Set<string>;
};

function readLine({ logs, witnesses, groups, quorums, names }: Draft, keyword: string, items: readonly string[]): void {
  const [first = '', second = '', third] = items;
  if (keyword === 'log' && (items.length === 1 || items.length === 2)) {
    logs.push({ vkey: parseVkey(first), ...(items.length === 2 && { url: second }) });
  } else if (keyword === 'witness' && (items.length === 2 || items.length === 3)) {
    witnesses.push({ name: first, vkey: parseCosignerVkey(second), ...(third !== undefined && { url: third }) });
    names.add(first);
  } else if (keyword === 'group' && items.length >= 3) {
    const members = items.slice(2);
    refuseUnknown(members, names);
    groups.push({ name: first, threshold: thresholdOf(second, members.length), members });
    names.add(first);
  } else if (keyword === 'quorum' && items.length === 1) {
    if (first !== 'none') refuseUnknown([first], names);
    quorums.push(first);
  } else {
    throw new FormatError('policy', `has a malformed line: ${keyword.slice(0, 32)}`);
  }
}

function thresholdOf(word: string, members: number): number {
  if (word === 'any') return 1;
  if (word === 'all') return members;
  if (!/^[1-9]\d{0,3}$/.test(word)) throw new FormatError('group', 'has no threshold');
  return Number(word);
}

function refuseUnknown(wanted: readonly string[], names: ReadonlySet<string>): void {
  const unknown = wanted.find((name) => !names.has(name));
  if (unknown !== undefined) throw new FormatError('policy', `${unknown} is not defined before its use`);
}

function isSamePolicy(a: Policy, b: Policy): boolean {
  const shape = ({ logs, witnesses, groups, quorum }: Policy): string =>
    JSON.stringify([
      logs.map(({ vkey, url }) => [formatVkey(vkey), url]),
      witnesses.map(({ name, vkey, url }) => [name, formatVkey(vkey), url]),
      groups.map(({ name, threshold, members }) => [name, threshold, members]),
      quorum,
    ]);
  return shape(a) === shape(b);
}
