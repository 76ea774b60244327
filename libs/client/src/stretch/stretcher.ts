import type { Bytes } from '@strongroom/protocol';

/** Cost of Argon2id (RFC 9106) as the fleet's bundle names it. */
export interface Argon2Cost {
  readonly memoryKiB: number;
  readonly passes: number;
  readonly lanes: number;
}

/** Where Argon2id runs. It takes a fifth of a second and 64 MiB, so never on the thread that draws the page. */
export interface Stretcher {
  /**
   * Argon2id v1.3, salt of 16 zero bytes, 64 bytes out (RFC 9807, CRYPTO suite 1). `input` is secret and is copied;
   * the caller wipes its own. @throws the signal's reason when it aborts
   */
  argon2id(input: Bytes, cost: Argon2Cost, signal: AbortSignal): Promise<Bytes>;
}
