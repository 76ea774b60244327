import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { DurableFiles, FolderDisk } from '@strongroom/tlog';
import { LogSource, type AuditSources } from '@strongroom/transparency';
import { isMissing } from '../home/missing-file.js';

/** @throws the file's error, except when there is none */
export async function readIfThere(file: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Whole or not at all, and durable: the next audit is only as good as what this one kept. */
export async function writeWhole(file: string, text: string): Promise<void> {
  const files = new DurableFiles(await FolderDisk.open(dirname(file)));
  await files.put([{ path: basename(file), bytes: Buffer.from(text) }]);
}

/** Remembers what an audit reads, so that the same can be checked again without a network. */
export class Recording {
  private readonly files = new Map<string, Uint8Array>();

  of(sources: AuditSources): AuditSources {
    const { publishedBundle, servedBundle, deployments } = sources;
    return {
      ...sources,
      log: new RecordedSource(sources.log, this.files),
      publishedBundle: publishedBundle && (async (epoch) => this.text(`bundles/${epoch}`, await publishedBundle(epoch))),
      servedBundle: servedBundle && (async () => this.text('served-bundle', await servedBundle())),
      deployments: deployments && {
        ...deployments,
        read: async (digest) => this.text(`deployments/${digest}`, await deployments.read(digest)),
      },
    };
  }

  async write(folder: string): Promise<void> {
    const files = new DurableFiles(await FolderDisk.open(folder));
    await files.put([...this.files].map(([path, bytes]) => ({ path, bytes })));
  }

  private text(path: string, text: string | undefined): string | undefined {
    if (text !== undefined) this.files.set(path, Buffer.from(text));
    return text;
  }
}

class RecordedSource extends LogSource {
  constructor(
    private readonly from: LogSource,
    private readonly files: Map<string, Uint8Array>,
  ) {
    super();
  }

  override async checkpoint(): Promise<Uint8Array | undefined> {
    return this.keep('checkpoint', await this.from.checkpoint());
  }

  override async file(path: string): Promise<Uint8Array | undefined> {
    return this.keep(path, await this.from.file(path));
  }

  private keep(path: string, bytes: Uint8Array | undefined): Uint8Array | undefined {
    if (bytes) this.files.set(path, bytes);
    return bytes;
  }
}
