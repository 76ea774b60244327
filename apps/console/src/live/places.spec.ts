import { describe, expect, it } from '@jest/globals';
import { auditCommand, placesIn, readPlaces } from './places.js';

const typed = { log: 'https://a.example/log/', mirror: '', witness: '', gateway: '' };

describe('the places of a live audit', () => {
  it('come from the link, and the gateway from where the page was served', () => {
    const hash = '#log=https%3A%2F%2Fa.example%2Flog%2F&mirror=https://m.example/log/&mirror=https://n.example/log/';
    expect(placesIn(hash, 'https://vault.example')).toEqual({
      log: 'https://a.example/log/',
      mirror: 'https://m.example/log/ https://n.example/log/',
      witness: '',
      gateway: 'https://vault.example',
    });
    expect(placesIn('', 'null').gateway).toBe('');
  });

  it('are none of a link that names no addresses', () => {
    expect(placesIn('#log=javascript:alert(1)&mirror=file:///etc/passwd&witness=x', 'null')).toEqual({ ...typed, log: '' });
  });

  it('are read, or refused in words', () => {
    const places = { log: typed.log, mirrors: ['https://m.example/log/'], witnesses: [], gateway: undefined };
    expect(readPlaces({ ...typed, mirror: ' https://m.example/log/ ' })).toEqual(places);
    for (const wrong of [{ log: '' }, { log: 'a b' }, { gateway: 'ftp://x' }, { mirror: 'nowhere' }]) {
      expect(readPlaces({ ...typed, ...wrong })).toEqual(expect.any(String));
    }
  });
});

describe('the command that does the same', () => {
  it('names every place', () => {
    const command = auditCommand({
      log: typed.log,
      mirrors: ['https://m.example/'],
      witnesses: ['https://w.example/'],
      gateway: 'https://g.example',
    });
    expect(command).toBe(
      'strongroom audit --trust-root trust-root.json --log https://a.example/log/ --mirror https://m.example/ --witness https://w.example/ --gateway https://g.example',
    );
  });

  it('is one command, whatever a link has in it', () => {
    const command = auditCommand({ log: "https://a.example/$(id)';rm -rf x;'", mirrors: [], witnesses: [] });
    expect(command).toBe(`strongroom audit --trust-root trust-root.json --log 'https://a.example/$(id)'\\'';rm -rf x;'\\'''`);
  });
});
