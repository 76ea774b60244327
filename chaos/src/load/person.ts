import { SystemRandom } from '@strongroom/platform';
import { toHex } from '@strongroom/protocol';
import { freshAccount } from '@strongroom/testing';
import type { Operation } from '../account/operation.js';
import { RecordedDevice, type RecordingParts } from './recorded-device.js';

export type PersonKind = 'steady' | 'unruly';

/** An account with the devices of its owner and everything that they saw. */
export class Person {
  readonly history: Operation[] = [];
  readonly name: string;
  /** Holds the owner key. */
  readonly owner: RecordedDevice;
  /** The code that this person believes in: the last one that was asked for, whether or not that was answered. */
  believed = 'nothing yet';
  private devices = 0;
  private codes = 0;

  constructor(
    readonly kind: PersonKind,
    private readonly parts: Omit<RecordingParts, 'account' | 'record' | 'nextId'>,
    private readonly onOperation: (operation: Operation, person: Person) => void,
  ) {
    this.name = freshAccount(kind);
    this.owner = this.device();
  }

  /** Another device of the same account: a binding key and a memory of its own, no owner key. */
  device(): RecordedDevice {
    let calls = 0;
    const device = ++this.devices;
    return new RecordedDevice(`device ${device}`, {
      ...this.parts,
      account: this.name,
      nextId: () => device * 100_000 + ++calls,
      record: (operation) => {
        this.history.push(operation);
        this.onOperation(operation, this);
      },
    });
  }

  /** A new code for a new key: no two registrations of a history are alike. */
  async register(): Promise<Operation> {
    const code = `code ${++this.codes}`;
    const operation = await this.owner.register(code, toHex(new SystemRandom().bytes(32)));
    this.believed = code;
    return operation;
  }
}
