import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '@nats-io/transport-node';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { attemptVoted, EVENT_STREAM, EVENT_STREAM_API } from '@strongroom/contracts';
import { nkeyLogin } from '@strongroom/platform';
import { keepEvents, startNats, type RunningNats } from '@strongroom/stack';
import { enterBus, type BusDoor } from './bus-door.js';
import { followEvents } from './follow-events.js';

describe('kept events', () => {
  let dir: string;
  let nats: RunningNats;

  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'kept-events-'));
    nats = await startNats({ dataDir: dir, env: { PATH: process.env['PATH'] } });
  });

  afterEach(async () => {
    await nats.stop();
    rmSync(dir, { recursive: true });
  });

  const observer = (): BusDoor => ({ url: nats.url, nkeyFile: nats.keyFile('observer') });
  const keep = (limits = {}): Promise<boolean> => keepEvents({ url: nats.url, nkeyFile: nats.keyFile('event-keeper'), ...limits });

  /** As a node tells them. */
  async function tell(...ids: readonly string[]): Promise<void> {
    const node = await connect({ servers: new URL(nats.url).host, authenticator: nkeyLogin(nats.keyFile('hsm-node') ?? '') });
    for (const id of ids) {
      const envelope = { specversion: '1.0', id, source: '/hsm-node/spec', type: attemptVoted.subject, time: '2026-01-01T00:00:00Z' };
      node.publish(attemptVoted.subject, JSON.stringify({ ...envelope, datacontenttype: 'application/json', data: {} }));
    }
    await node.flush();
    await node.close();
  }

  async function firstIds(count: number, sinceMs: number): Promise<readonly string[]> {
    const ids: string[] = [];
    for await (const { id } of followEvents(observer(), new AbortController().signal, sinceMs)) {
      ids.push(id);
      if (ids.length === count) break;
    }
    return ids;
  }

  it('come before those that follow, oldest first, also after the server was restarted', async () => {
    expect(await keep()).toBe(true);
    await tell('a', 'b', 'c');
    await nats.process?.restart();
    expect(await firstIds(3, 0)).toEqual(['a', 'b', 'c']);
    const all = firstIds(4, 0);
    await tell('d');
    expect(await all).toEqual(['a', 'b', 'c', 'd']);
  });

  it('begin where they are asked from', async () => {
    await keep();
    await tell('old');
    const bus = await enterBus(observer());
    const { headers } = await bus.request(EVENT_STREAM_API.get, JSON.stringify({ seq: 1 }));
    await bus.close();
    await tell('new');
    expect(await firstIds(1, Date.parse(headers?.get('Nats-Time-Stamp') ?? '') + 1)).toEqual(['new']);
  });

  it('are kept with new limits when asked again', async () => {
    await keep();
    await tell('a');
    expect(await keep({ maxAgeMs: 60_000, maxBytes: 1_048_576 })).toBe(true);
    const bus = await enterBus(observer());
    const info = (await bus.request(EVENT_STREAM_API.info, '')).json();
    await bus.close();
    expect(info).toMatchObject({ config: { max_age: 60_000_000_000, max_bytes: 1_048_576 }, state: { messages: 1 } });
  });

  it('cannot be had from a server that keeps none', async () => {
    await expect(firstIds(1, 0)).rejects.toMatchObject({ code: 'FLEET_UNAVAILABLE' });
  });

  it.each(['CONSUMER.CREATE', 'STREAM.DELETE', 'STREAM.PURGE', 'STREAM.UPDATE', 'STREAM.MSG.DELETE'])(
    'leave an observer no %s',
    async (verb) => {
      await keep();
      await tell('a');
      const bus = await enterBus(observer());
      await expect(bus.request(`$JS.API.${verb}.${EVENT_STREAM}`, '{}', { timeout: 500 })).rejects.toThrow();
      const { state } = (await bus.request(EVENT_STREAM_API.info, '')).json<{ state: { messages: number; consumer_count: number } }>();
      expect(state).toMatchObject({ messages: 1, consumer_count: 0 });
      await bus.close();
    },
  );
});
