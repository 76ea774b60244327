import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { CloudEvent } from '@strongroom/contracts';
import { Bus, SystemClock } from '@strongroom/platform';
import { inTransaction, openDataSource, Outbox, OutboxRelay, type EventSender, type PostgresOptions } from '@strongroom/platform/database';
import { VaultError } from '@strongroom/protocol';
import type { DataSource } from 'typeorm';
import { happened } from './bus-contracts.js';
import { NatsProcess } from './nats-process.js';
import { RecordingLog } from './recording.js';
import { closeAndDrop, TrialDatabase } from './trial-database.js';

// Servers may have to be fetched and unpacked first, and a busy machine starts them slowly.
jest.setTimeout(120_000);

/** Stands in for a Bus whose server comes and goes. */
class SwitchedSender implements EventSender {
  readonly sent: CloudEvent[] = [];
  connected = true;
  flushed: () => Promise<void> = () => Promise.resolve();

  emitStored(event: CloudEvent): boolean {
    if (this.connected) this.sent.push(event);
    return this.connected;
  }

  flush(): Promise<void> {
    return this.flushed();
  }
}

const outbox = new Outbox('/trial', new SystemClock());
let database: TrialDatabase;
let options: PostgresOptions;
let source: DataSource;
let sender: SwitchedSender;
let relay: OutboxRelay;

beforeAll(async () => {
  database = await TrialDatabase.start();
});
afterAll(() => database.end());

beforeEach(async () => {
  options = database.trialOptions();
  source = await openDataSource(options, new RecordingLog());
  sender = new SwitchedSender();
  relay = new OutboxRelay(source, sender, new RecordingLog());
});
afterEach(() => closeAndDrop(source, options));

function store(n: number): Promise<CloudEvent> {
  return inTransaction(source, (manager) => outbox.add(manager, happened, { n }));
}

describe('the outbox', () => {
  it('sends what was committed, in order, once', async () => {
    const stored = [await store(1), await store(2), await store(3)];
    expect(await relay.relayBatch()).toBe(3);
    expect(sender.sent).toEqual(stored);
    expect(await relay.relayBatch()).toBe(0);
  });

  it('sends nothing of a transaction that did not commit', async () => {
    const undone = inTransaction(source, async (manager) => {
      await outbox.add(manager, happened, { n: 1 });
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    expect(await relay.relayBatch()).toBe(0);
  });

  it('keeps everything while NATS is away', async () => {
    const event = await store(1);
    sender.connected = false;
    await expect(relay.relayBatch()).rejects.toMatchObject({ code: 'FLEET_UNAVAILABLE' });
    sender.connected = true;
    await relay.relayBatch();
    expect(sender.sent).toEqual([event]);
  });

  it('sends again, with the same id, what the server may not have got', async () => {
    const event = await store(1);
    sender.flushed = () => Promise.reject(new VaultError('FLEET_UNAVAILABLE', 'cut'));
    await expect(relay.relayBatch()).rejects.toMatchObject({ code: 'FLEET_UNAVAILABLE' });
    sender.flushed = () => Promise.resolve();
    await relay.relayBatch();
    expect(sender.sent.map(({ id }) => id)).toEqual([event.id, event.id]);
  });

  it('shares the work: what one relay is sending, another leaves alone', async () => {
    await store(1);
    const second = new OutboxRelay(source, sender, new RecordingLog());
    let taken = -1;
    sender.flushed = async () => void (taken = await second.relayBatch());
    expect(await relay.relayBatch()).toBe(1);
    expect([taken, sender.sent.length]).toEqual([0, 1]);
  });

  it('refuses data that does not fit the contract, with the transaction', async () => {
    await expect(store(0.5)).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
  });

  it('reaches listeners by itself, over a real bus', async () => {
    const nats = await NatsProcess.start();
    const bus = await Bus.connect({ url: nats.url, name: 'trial', log: new RecordingLog() });
    const received = new Promise<CloudEvent>((resolve) => void bus.onEvent(happened, (_data, event) => resolve(event)));
    await bus.flush();
    const running = new OutboxRelay(source, bus, new RecordingLog());
    running.onApplicationBootstrap();
    const event = await store(7);
    running.wake();
    expect(await received).toEqual(event);
    await running.onModuleDestroy();
    await bus.onApplicationShutdown();
    await nats.end();
  });
});
