import { isKeyName, type Policy } from '@strongroom/transparency';
import type { WitnessAddress } from './submit-checkpoint.js';

/** Submission prefixes by the name of the witness's key. */
export type WitnessUrls = ReadonlyMap<string, string>;

/**
 * `name=url` pairs between white space, as in `witness.example/w1=https://witness.example/`. A name has no white space,
 * and its first `=http` begins the URL.
 * @throws Error naming the pair
 */
export function witnessUrls(text: string): WitnessUrls {
  const pairs = text.split(/\s+/).filter((pair) => pair !== '');
  return new Map(pairs.map(readPair));
}

/** The witnesses of a policy that can be asked: where the setting says, or else the policy itself. @throws Error for a name that the policy has not */
export function witnessAddresses({ witnesses }: Policy, urls: WitnessUrls): readonly WitnessAddress[] {
  const stranger = [...urls.keys()].find((name) => !witnesses.some(({ vkey }) => vkey.name === name));
  if (stranger !== undefined) throw new Error(`${stranger} is no witness of the trust root`);
  return witnesses.flatMap(({ vkey, url }) => {
    const known = urls.get(vkey.name) ?? url;
    return known === undefined ? [] : [{ vkey, url: known }];
  });
}

function readPair(pair: string): [string, string] {
  const at = pair.indexOf('=http');
  const [name, url] = [pair.slice(0, Math.max(0, at)), pair.slice(at + 1)];
  if (!isKeyName(name) || !URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) throw new Error(`${pair} is not name=http://…`);
  return [name, url];
}
