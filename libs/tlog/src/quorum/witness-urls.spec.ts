import { describe, expect, it } from '@jest/globals';
import { nodeSigner } from '@strongroom/platform';
import { makeCosignerVkey, type Policy } from '@strongroom/transparency';
import { logName } from '../log/log-name.js';
import { witnessAddresses, witnessUrls } from './witness-urls.js';

const vkey = makeCosignerVkey('witness.example/w1', nodeSigner(new Uint8Array(32).fill(1)).publicKey);
const policy = (url?: string): Policy => ({
  logs: [],
  witnesses: [{ name: 'w1', vkey, ...(url !== undefined && { url }) }],
  groups: [],
  quorum: 'w1',
});

describe('where witnesses are reached', () => {
  it('is read from pairs between white space, and goes before what the policy says', () => {
    const urls = witnessUrls('\n  witness.example/w1=http://127.0.0.1:8487/a?x=http  \n');
    expect(witnessAddresses(policy('https://elsewhere.example/'), urls)).toEqual([{ vkey, url: 'http://127.0.0.1:8487/a?x=http' }]);
    expect(witnessAddresses(policy('https://elsewhere.example/'), witnessUrls(''))).toEqual([{ vkey, url: 'https://elsewhere.example/' }]);
    expect(witnessAddresses(policy(), witnessUrls(' '))).toEqual([]);
  });

  it.each(['w1', 'w1=ftp://x', '=http://x', 'w1=http://', 'a+b=http://x'])('refuses %s', (text) => {
    expect(() => witnessUrls(text)).toThrow();
  });

  it('refuses a name that is no witness, because nobody would count its word', () => {
    expect(() => witnessAddresses(policy(), witnessUrls('witness.example/w2=http://x'))).toThrow();
  });
});

describe("a log's folder", () => {
  it('is called by the last part of its origin', () => {
    expect(['vault.example/main/log', 'log'].map(logName)).toEqual(['log', 'log']);
  });

  it.each(['vault.example/', 'vault.example/..', 'vault.example/Log', 'vault.example/a b', ''])('refuses %s', (origin) => {
    expect(() => logName(origin)).toThrow();
  });
});
