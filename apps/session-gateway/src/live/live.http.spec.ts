import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { attemptVoted, LIVE_EVENTS, nodeReady } from '@strongroom/contracts';
import { FLEET_ID } from '../example/example-fleet.js';
import { exampleGateway, tokenFor, type ExampleGateway } from '../example/example-gateway.js';
import { MAX_WATCH_MS, MAX_WATCHERS } from './live-watchers.js';
import { LiveService } from './live.service.js';

const VOTE = { fleetId: FLEET_ID, node: 2, attempt: 'ab'.repeat(8), round: 0, spent: 1 };
const ENVELOPE = { id: 'e-1', time: '2027-01-15T08:00:00Z' };
let gateway: ExampleGateway;
let url: string;
let operator: string;
const open: AbortController[] = [];

beforeAll(async () => {
  gateway = await exampleGateway();
  await gateway.app.listen(0, '127.0.0.1');
  url = `${await gateway.app.getUrl()}/v1/operator/live`;
  operator = `Bearer ${await tokenFor('olga', { roles: ['operator'] })}`;
});
afterEach(() => open.splice(0).forEach((each) => each.abort()));
afterAll(() => gateway.app.close());

/** Reads events until one satisfies, or the stream ends. */
class Watch {
  private text = '';
  private constructor(
    readonly response: Response,
    private readonly reader: ReadableStreamDefaultReader<string> | undefined,
  ) {}

  static async open(authorization: string = operator): Promise<Watch> {
    const ending = new AbortController();
    open.push(ending);
    const response = await fetch(url, { headers: { authorization }, signal: ending.signal });
    return new Watch(response, response.body?.pipeThrough(new TextDecoderStream()).getReader());
  }

  /** `undefined` at the end of the stream. */
  async next(name: string): Promise<unknown> {
    for (;;) {
      const end = this.text.indexOf('\n\n');
      if (end >= 0) {
        const [event = '', data = ''] = this.text.slice(0, end).split('\n');
        this.text = this.text.slice(end + 2);
        if (event === `event: ${name}`) return JSON.parse(data.replace('data: ', ''));
        continue;
      }
      const part = await this.reader?.read();
      if (!part || part.done) return undefined;
      this.text += part.value;
    }
  }
}

describe('watching a fleet', () => {
  it('is for operators alone', async () => {
    expect((await Watch.open('')).response.status).toBe(401);
    expect((await Watch.open(`Bearer ${await tokenFor('alice')}`)).response.status).toBe(403);
  });

  it('begins with every node, as it was heard', async () => {
    gateway.live([1, 3]);
    const watch = await Watch.open();
    expect(watch.response.headers.get('content-type')).toBe('text/event-stream');
    const nodes = await watch.next('nodes');
    expect(nodes).toMatchObject({
      fleets: [{ fleetId: FLEET_ID, needed: 3, nodes: [{ node: 1, live: true, heardMsAgo: 0 }, {}, {}, {}, {}] }],
    });
  });

  it('passes on what a node told, and nothing of it that the contract does not know', async () => {
    const watch = await Watch.open();
    await watch.next('nodes');
    gateway.bus.tell(attemptVoted, { ...VOTE, account: 'alice' }, { ...ENVELOPE, subject: 'alice' });
    expect(await watch.next('told')).toEqual({ ...ENVELOPE, type: attemptVoted.subject, data: VOTE });
  });

  it('names no account in any event', () => {
    for (const { data } of LIVE_EVENTS) {
      const shape = 'shape' in data ? Object.keys(Object(data.shape)) : [];
      expect(shape.length).toBeGreaterThan(1);
      expect(shape.filter((name) => /account|uid|sub|session/i.test(name) && name !== 'accounts')).toEqual([]);
    }
  });

  it('tells everybody the same, and a reader that leaves holds nobody up', async () => {
    const [first, second] = [await Watch.open(), await Watch.open()];
    open[0]?.abort();
    await second.next('nodes');
    gateway.bus.tell(nodeReady, { fleetId: FLEET_ID, node: 4, incarnation: 2, epoch: 1 }, ENVELOPE);
    expect(await second.next('told')).toMatchObject({ data: { node: 4 } });
    expect(first.response.status).toBe(200);
  });

  it('ends when the token expires, or after a quarter of an hour', async () => {
    const watch = await Watch.open();
    gateway.clock.now += MAX_WATCH_MS;
    gateway.app.get(LiveService).tick();
    expect(await watch.next('never')).toBeUndefined();
    gateway.clock.now -= MAX_WATCH_MS;
  });

  it('is refused to more than the gateway can serve', async () => {
    const service = gateway.app.get(LiveService);
    const streams = Array.from({ length: MAX_WATCHERS }, () => service.watch(Number.MAX_SAFE_INTEGER));
    expect((await Watch.open()).response.status).toBe(429);
    streams.forEach((stream) => stream.destroy());
  });
});

describe('a gateway that ends', () => {
  it('ends every watch, and is not held up by one', async () => {
    const other = await exampleGateway();
    await other.app.listen(0, '127.0.0.1');
    const response = await fetch(`${await other.app.getUrl()}/v1/operator/live`, { headers: { authorization: operator } });
    await other.app.close();
    expect(await response.text()).toContain('event: nodes');
  });
});
