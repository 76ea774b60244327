/** What a secret looks like wherever it is shown. */
const MASK = '[secret]';
const INSPECT = Symbol.for('nodejs.util.inspect.custom');

/**
 * Holds a secret so that printing, JSON, string conversion and inspection show `[secret]`. It takes ownership: the
 * value given in must not be used elsewhere. `wipe` overwrites bytes in place; other values are only let go, because
 * JavaScript cannot overwrite a string. Copies that the engine or the operating system made are out of reach.
 */
export class Secret<T> {
  #value: T | undefined;
  #wiped = false;

  constructor(value: T) {
    this.#value = value;
  }

  /** The value itself, not a copy: it turns to zeros when the secret is wiped. @throws Error when it is wiped already */
  reveal(): T {
    if (this.#wiped || this.#value === undefined) throw new Error('the secret has been wiped');
    return this.#value;
  }

  /** Overwrites the value when it is bytes, and lets it go. Safe to call twice. */
  wipe(): void {
    if (ArrayBuffer.isView(this.#value)) {
      new Uint8Array(this.#value.buffer, this.#value.byteOffset, this.#value.byteLength).fill(0);
    }
    this.#value = undefined;
    this.#wiped = true;
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  [INSPECT](): string {
    return MASK;
  }
}
