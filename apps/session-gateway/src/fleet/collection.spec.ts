import { describe, expect, it } from '@jest/globals';
import { VaultError } from '@strongroom/protocol';
import { Collection } from './collection.js';

const away = new VaultError('FLEET_UNAVAILABLE', '');
const unknown = new VaultError('RECORD_UNKNOWN', '');

describe('a collection of answers', () => {
  it('is enough with as many as are wanted, not with one fewer', () => {
    const collection = new Collection<string>(5, 3);
    collection.answered('a');
    collection.answered('b');
    expect(collection.enough).toBeUndefined();
    collection.answered('c');
    expect(collection.enough).toEqual(['a', 'b', 'c']);
  });

  it('takes the least number at the deadline only', () => {
    const collection = new Collection<string>(5, 4, 3);
    for (const value of ['a', 'b', 'c']) collection.answered(value);
    expect(collection.enough).toBeUndefined();
    expect(collection.expire()).toEqual(['a', 'b', 'c']);
  });

  it('takes the least number when everyone has spoken', () => {
    const collection = new Collection<string>(4, 4, 3);
    for (const value of ['a', 'b', 'c']) collection.answered(value);
    collection.failed(4, away);
    expect(collection.enough).toEqual(['a', 'b', 'c']);
  });

  it('refuses fewer than the least number at the deadline', () => {
    const collection = new Collection<string>(5, 4, 3);
    for (const value of ['a', 'b']) collection.answered(value);
    expect(() => collection.expire()).toThrow(expect.objectContaining({ code: 'FLEET_UNAVAILABLE' }));
  });

  it('is hopeless as soon as too many have failed, with the refusal most of them gave', () => {
    const collection = new Collection<string>(5, 3);
    collection.failed(1, unknown);
    collection.failed(2, unknown);
    expect(collection.hopeless).toBeUndefined();
    collection.failed(3, away);
    expect(collection.hopeless).toMatchObject({ code: 'RECORD_UNKNOWN' });
  });
});
