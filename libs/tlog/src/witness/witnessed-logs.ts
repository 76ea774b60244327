import { parseVkey, type Vkey } from '@strongroom/transparency';

/** Verifier keys of logs between white space. @throws FormatError */
export function witnessedLogs(text: string): readonly Vkey[] {
  return text
    .split(/\s+/)
    .filter((vkey) => vkey !== '')
    .map(parseVkey);
}
