/** The part of tar-stream 3 that backups use; the package brings no types. */
declare module 'tar-stream' {
  export interface Header {
    name: string;
    type?: string;
    size?: number;
    mode?: number;
    mtime?: Date;
    linkname?: string | null;
  }

  export interface EntrySink {
    write(chunk: Uint8Array): boolean;
    end(): void;
    once(event: 'drain' | 'close', listener: () => void): this;
    once(event: 'error', listener: (error: Error) => void): this;
  }

  export interface Pack extends AsyncIterable<Uint8Array> {
    entry(header: Header, done: (error?: Error | null) => void): EntrySink;
    finalize(): void;
    destroy(error?: Error): void;
  }

  export interface Entry extends AsyncIterable<Uint8Array> {
    readonly header: Required<Header>;
    resume(): void;
  }

  export interface Extract extends AsyncIterable<Entry> {
    write(chunk: Uint8Array): boolean;
    end(): void;
    destroy(error?: Error): void;
    once(event: 'drain' | 'close', listener: () => void): this;
    once(event: 'error', listener: (error: Error) => void): this;
  }

  export function pack(): Pack;
  export function extract(): Extract;
}
