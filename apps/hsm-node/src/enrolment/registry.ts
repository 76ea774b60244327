import { enrolmentSubmit } from '@strongroom/contracts';
import type { Bus } from '@strongroom/platform';
import type { Bytes } from '@strongroom/protocol';

/** The fleet registry, as a node sees it. */
export abstract class Registry {
  /** @returns the statement's digest in hexadecimal. @throws VaultError as the registry answered, FLEET_UNAVAILABLE without an answer */
  abstract submit(statement: Bytes): Promise<string>;
}

/** The registry over the bus. */
export class BusRegistry extends Registry {
  constructor(private readonly bus: Bus) {
    super();
  }

  async submit(statement: Bytes): Promise<string> {
    return (await this.bus.call(enrolmentSubmit, { statement })).digest;
  }
}
