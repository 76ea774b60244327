/**
 * The system calls that durability is made of, one by one, so that a test can end a process between any two of them.
 * Paths are relative, with `/`; the empty path is the disk's root folder, which exists.
 */
export abstract class Disk {
  /** The file's bytes, or `undefined` when there is none. */
  abstract read(path: string): Promise<Uint8Array | undefined>;

  /** Creates or replaces a file in an existing folder. Not durable before `sync`; torn by a crash before that. */
  abstract write(path: string, bytes: Uint8Array): Promise<void>;

  /** Makes the bytes of a file durable, not its name. */
  abstract sync(path: string): Promise<void>;

  /** Atomic; replaces what `to` names. Not durable before `syncFolder`. */
  abstract rename(from: string, to: string): Promise<void>;

  /** Makes a folder in an existing one; an existing folder is kept. Not durable before `syncFolder` of its parent. */
  abstract makeFolder(path: string): Promise<void>;

  /** Makes the names in a folder durable. */
  abstract syncFolder(path: string): Promise<void>;

  /** Removes a folder with all that is in it, if it exists. Nobody relies on when this becomes durable. */
  abstract removeFolder(path: string): Promise<void>;

  /** Names in a folder, none when it does not exist. */
  abstract list(path: string): Promise<readonly string[]>;
}
