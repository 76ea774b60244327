/** For specs only: a bug that the spec must find, as a change of one line of the compiled code. */
type PlantedBug = { readonly name: string; readonly file: string; readonly find: string; readonly replace: string; readonly spec: string };

/** @param spec below dist/, without `.spec.js` */
const bugsOf =
  (spec: string) =>
  (name: string, file: string, find: string, replace: string): PlantedBug => ({ name, file, find, replace, spec: `${spec}.spec.js` });

const headlines = bugsOf('page/shown');
const places = bugsOf('live/places');
const audits = bugsOf('live/live-audit');
const memories = bugsOf('live/browser-memory');
const pictures = bugsOf('picture/picture');

/** What would let the page say more than it knows, or believe whom it must not. */
export const PLANTED_BUGS: readonly PlantedBug[] = [
  headlines(
    'takes skipped for good',
    'page/shown.js',
    "filter(({ outcome }) => outcome !== 'ok')",
    "filter(({ outcome }) => outcome === 'FAIL')",
  ),
  headlines('passes over a refusal', 'page/shown.js', 'if (refusal) {', 'if (false) {'),
  headlines('passes over failed evidence', 'page/shown.js', "outcome === 'failed'", 'false'),
  headlines('calls a refused bundle remembered', 'judge/judge-bundle.js', "if (judged.verdict === 'failed')", 'if (false)'),
  places('asks any address that a link names', 'live/places.js', '.filter(isUrl)', ''),
  places('puts a link into a shell as it is', 'live/places.js', '/^[\\w./:@%+~-]+$/.test(word)', 'true'),
  audits(
    'goes without what it remembers',
    'live/live-audit.js',
    "purpose: 'register', nowMs, memory",
    "purpose: 'register', nowMs, memory: null",
  ),
  memories(
    'believes a changed memory',
    'live/browser-memory.js',
    "readSeen(Reflect.get(value, 'memory')) ?? null",
    "Reflect.get(value, 'memory')",
  ),
  pictures('draws every way to the root', 'picture/tree-picture.js', 'meets: hexOf(hash) === hexOf(root)', 'meets: true'),
];
