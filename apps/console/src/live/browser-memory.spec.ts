import { describe, expect, it } from '@jest/globals';
import { BrowserMemory } from './browser-memory.js';

const ROOT = 'ab'.repeat(32);
const seen = { memory: { epoch: 2, digest: ROOT, minEpoch: 1, checkpoint: null }, checkpoint: 'log.example/x\n1\n' };

function storage(kept: Map<string, string> = new Map()): ConstructorParameters<typeof BrowserMemory>[0] {
  return {
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, value) => void kept.set(name, value),
    removeItem: (name) => void kept.delete(name),
  };
}

describe('the memory of a browser', () => {
  it('is kept for each trust root by itself, until it is told to forget', () => {
    const memory = new BrowserMemory(storage());
    expect(memory.save(ROOT, seen)).toBe(true);
    expect(memory.load(ROOT)).toEqual(seen);
    expect(memory.load('another')).toEqual({ memory: null, checkpoint: null });
    memory.forget(ROOT);
    expect(memory.load(ROOT)).toEqual({ memory: null, checkpoint: null });
  });

  it.each(['', '{', 'null', '7', '{"memory":{"epoch":"x"},"checkpoint":5}'])('is none when somebody wrote %j over it', (text) => {
    const memory = new BrowserMemory(storage(new Map([[`strongroom/audit/${ROOT}`, text]])));
    expect(memory.load(ROOT)).toEqual({ memory: null, checkpoint: null });
  });

  it('is not claimed by a browser that keeps nothing', () => {
    const full = {
      ...storage(),
      getItem: () => null,
      removeItem: () => undefined,
      setItem: () => {
        throw new DOMException('full', 'QuotaExceededError');
      },
    };
    expect(new BrowserMemory(full).save(ROOT, seen)).toBe(false);
    expect(new BrowserMemory(undefined).save(ROOT, seen)).toBe(false);
  });
});
