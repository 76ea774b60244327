import { setTimeout as delay } from 'node:timers/promises';
import type { Operation } from '../account/operation.js';
import type { SeededRandom } from '../plan/seeded-random.js';
import { Person, type PersonKind } from './person.js';
import type { RecordedDevice, RecordingParts } from './recorded-device.js';

export interface LoadOptions extends Omit<RecordingParts, 'account' | 'record' | 'nextId'> {
  readonly random: SeededRandom;
  /** Ends the load; calls under way are waited for. */
  readonly signal: AbortSignal;
}

/** Persons who recover with the right code again and again: by them availability is measured. */
const STEADY = 3;
/** Persons who do everything, from several devices at once. */
const UNRULY = 3;
const DEVICES = 3;
/** A history of that length can be searched; then somebody new comes. */
const LONGEST_HISTORY = 60;
/**
 * Nobody recovers without a pause, and clients that all share one process of a small machine would measure nothing but
 * each other. So they pause: often enough for a dozen operations a second, seldom enough to leave the machine room.
 */
const MOST_THINKING_MS = { steady: 500, unruly: 1_500 } as const;

type Act = (person: Person, device: RecordedDevice) => Promise<Operation>;

const recoverRight: Act = (person, device) => device.recover(person.believed);
const recoverWrong: Act = (_, device) => device.recover('a code that nobody chose');
const readStatus: Act = (_, device) => device.status();
const OWNERS: readonly (readonly [Act, number])[] = [
  [(person) => person.register(), 12],
  [(person) => person.owner.delete(), 4],
  [recoverRight, 30],
  [recoverWrong, 28],
  [readStatus, 26],
];
const OTHERS: readonly (readonly [Act, number])[] = [
  [recoverRight, 36],
  [recoverWrong, 36],
  [readStatus, 28],
];

/** Closed loops of devices until the signal: each does one thing after the other. */
export class Load {
  readonly persons: Person[] = [];
  readonly operations: { readonly operation: Operation; readonly person: Person }[] = [];

  constructor(private readonly options: LoadOptions) {}

  async run(): Promise<void> {
    const { random } = this.options;
    await Promise.all([
      ...Array.from({ length: STEADY }, () => this.steady(random.fork())),
      ...Array.from({ length: UNRULY }, () => this.unruly(random.fork())),
    ]);
  }

  private person(kind: PersonKind): Person {
    const person = new Person(kind, this.options, (operation) => void this.operations.push({ operation, person }));
    this.persons.push(person);
    return person;
  }

  private async steady(random: SeededRandom): Promise<void> {
    const { signal } = this.options;
    const person = this.person('steady');
    while (!signal.aborted && (await person.register()).outcome.kind !== 'registered');
    while (!signal.aborted) {
      await person.owner.recover(person.believed);
      await delay(random.whole(0, MOST_THINKING_MS.steady));
    }
  }

  private async unruly(random: SeededRandom): Promise<void> {
    const { signal } = this.options;
    while (!signal.aborted) {
      const person = this.person('unruly');
      await person.register();
      const others = Array.from({ length: DEVICES - 1 }, () => this.acting(person, person.device(), OTHERS, random.fork()));
      await Promise.all([this.acting(person, person.owner, OWNERS, random.fork()), ...others]);
    }
  }

  private async acting(
    person: Person,
    device: RecordedDevice,
    acts: readonly (readonly [Act, number])[],
    random: SeededRandom,
  ): Promise<void> {
    const { signal } = this.options;
    while (!signal.aborted && person.history.length < LONGEST_HISTORY) {
      await random.weighted(acts)(person, device);
      await delay(random.whole(0, MOST_THINKING_MS.unruly));
    }
  }
}
