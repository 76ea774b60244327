import type { AuditPlaces } from '@strongroom/transparency';

/** As a person types them, or a link brings them: `#log=…&mirror=…&witness=…&gateway=…`. */
export type PlacesTyped = { readonly log: string; readonly mirror: string; readonly witness: string; readonly gateway: string };

/** Of a page that a gateway serves, that gateway; of a file, none. */
export function placesIn(hash: string, origin: string): PlacesTyped {
  const asked = new URLSearchParams(hash.replace(/^#/, ''));
  const one = (name: string): string => asked.getAll(name).filter(isUrl).join(' ');
  return { log: one('log'), mirror: one('mirror'), witness: one('witness'), gateway: one('gateway') || (isUrl(origin) ? origin : '') };
}

/** @returns what is wrong, as a sentence, when the places cannot be asked */
export function readPlaces(typed: PlacesTyped): AuditPlaces | string {
  const list = (text: string): readonly string[] => text.split(/\s+/).filter((each) => each !== '');
  const [log, ...moreLogs] = list(typed.log);
  const [gateway, ...moreGateways] = list(typed.gateway);
  const [mirrors, witnesses] = [list(typed.mirror), list(typed.witness)];
  if (log === undefined) return 'Say where the log is: its URL ends where /checkpoint begins.';
  if (moreLogs.length + moreGateways.length > 0) return 'Name one log and one gateway.';
  const wrong = [log, gateway ?? log, ...mirrors, ...witnesses].find((url) => !isUrl(url));
  if (wrong !== undefined) return `${wrong} is no http or https URL.`;
  return { log, mirrors, witnesses, gateway };
}

/** The same audit on a command line. */
export function auditCommand({ log, mirrors, witnesses, gateway }: AuditPlaces): string {
  const options = [
    ...[
      ['--trust-root', 'trust-root.json'],
      ['--log', log],
    ],
    ...mirrors.map((url) => ['--mirror', url]),
    ...witnesses.map((url) => ['--witness', url]),
    ...(gateway === undefined ? [] : [['--gateway', gateway]]),
  ];
  return ['strongroom audit', ...options.map(([name, value]) => `${name ?? ''} ${quoted(value ?? '')}`)].join(' ');
}

/** A page may be opened by a link that a stranger made: what is copied from it must stay one word of a shell. */
function quoted(word: string): string {
  return /^[\w./:@%+~-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

function isUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
