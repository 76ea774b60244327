/**
 * Where a device keeps what it must not forget: small texts by name. One store may serve several accounts.
 *
 * It holds the owner keys (secret: whoever has one can replace or delete the account's record, though never read it),
 * the memory of bundles, requests whose answers are outstanding and, where the application wants them, the binding key and a
 * check of the code. Applications with a keychain implement the port on it; nothing in the store lets anyone who lacks the
 * backup key test recovery codes.
 */
export abstract class DeviceStore {
  /** The text last written under the name, or null. */
  abstract read(name: string): Promise<string | null>;
  /** Resolves when the text will survive a crash; it replaces the old one as a whole or not at all. */
  abstract write(name: string, text: string): Promise<void>;
  /** Resolves when the text is gone; a missing one is no error. */
  abstract remove(name: string): Promise<void>;
}
