import { formatCheckpoint, type Checkpoint } from '../checkpoint/checkpoint.js';
import { signCheckpoint } from '../checkpoint/sign-checkpoint.js';
import { signCosignature } from '../cosignature/cosignature.js';
import { utf8 } from '../encoding/octets.js';
import { NOW_MS, NOW_SECONDS } from '../example/example-bundle.js';
import { exampleTrustedLog, loggedTrustRoot, logSigner, witnessName, witnessSigners } from '../example/example-log.js';
import { memoryTiles } from '../example/memory-tiles.js';
import { assembleNote } from '../note/sign-note.js';
import { LogSource } from '../source/log-source.js';
import { encodeEntryBundle } from '../tiles/entry-bundle.js';
import { formatTilePath } from '../tiles/tile-path.js';
import { addedEntryBundles, addedTiles } from '../tiles/tile-arithmetic.js';
import { leafHash } from '../tree/tree-hash.js';
import { treeRoot } from '../tree/tree-root.js';
import { forkedTextsOf, notesOf, proofOf, textsOf } from '../vectors/vector-log.js';
import { auditLog, type AuditReport } from './audit.js';
import type { AuditCheck } from './audit-line.js';
import type { AuditSources } from './audit-sources.js';

export const TEXTS = textsOf(6);
export const NOTES = notesOf(6);
export const FORKED_TEXTS = forkedTextsOf(3);

/** A log whose files a spec may change. */
export class MemoryLog extends LogSource {
  readonly files = new Map<string, Uint8Array>();

  static async of(texts: readonly string[], note: string = checkpointOf(texts)): Promise<MemoryLog> {
    const log = new MemoryLog();
    const entries = texts.map(utf8);
    const tiles = memoryTiles();
    await tiles.grow(0, entries.map(leafHash));
    for (const path of addedTiles(0, entries.length)) log.files.set(formatTilePath(path), await tiles.readTile(path));
    for (const path of addedEntryBundles(0, entries.length)) {
      log.files.set(formatTilePath(path), encodeEntryBundle(entries.slice(path.index * 256, path.index * 256 + path.width)));
    }
    log.files.set('checkpoint', utf8(note));
    return log;
  }

  override checkpoint(): Promise<Uint8Array | undefined> {
    return this.file('checkpoint');
  }

  override file(path: string): Promise<Uint8Array | undefined> {
    return Promise.resolve(this.files.get(path));
  }
}

/** Signed by the log, cosigned by witnesses 1 and 2 unless told. */
export function checkpointOf(
  texts: readonly string[],
  changes: Partial<Checkpoint> & { readonly ageS?: number; readonly witnesses?: number } = {},
): string {
  const { ageS = 0, witnesses = 2, ...fields } = changes;
  const tree = treeRoot(texts.map((text) => leafHash(utf8(text))));
  const checkpoint = { origin: exampleTrustedLog.vkey.name, size: texts.length, root: tree, ...fields };
  const text = formatCheckpoint(checkpoint);
  const lines = witnessSigners
    .slice(0, witnesses)
    .map((signer, i) => signCosignature(text, witnessName(i + 1), signer, NOW_SECONDS - ageS));
  return assembleNote(text, [signCheckpoint(checkpoint, logSigner), ...lines]);
}

/** Five epochs as everybody sees them, but for what the spec changes. */
export async function audited(changes: Partial<AuditSources> = {}, nowMs: number = NOW_MS): Promise<AuditReport> {
  const sources: AuditSources = {
    log: await MemoryLog.of(TEXTS.slice(0, 5)),
    mirrors: [{ name: 'mirror', source: await MemoryLog.of(TEXTS.slice(0, 4)) }],
    witnesses: [{ name: 'w1', checkpoint: async () => utf8(checkpointOf(TEXTS.slice(0, 5))) }],
    publishedBundle: async (epoch) => NOTES[epoch - 1],
    servedBundle: async () => proofOf(5),
    saved: utf8(checkpointOf(TEXTS.slice(0, 3))),
    ...changes,
  };
  return auditLog({ trustRoots: [loggedTrustRoot], sources, nowMs });
}

/** The checks that failed, and those that stayed open besides the three that nothing answers yet. */
export function openChecks({ lines }: AuditReport): { readonly failed: readonly AuditCheck[]; readonly skipped: readonly AuditCheck[] } {
  const unbuilt: readonly AuditCheck[] = ['evidence', 'possession', 'software'];
  const of = (outcome: string): readonly AuditCheck[] => lines.filter((line) => line.outcome === outcome).map(({ check }) => check);
  return { failed: of('FAIL'), skipped: of('skipped').filter((check) => !unbuilt.includes(check)) };
}
