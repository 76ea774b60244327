/** For specs only: a bug that a suite must find, as a change of one place in the compiled code. */
export interface PlantedBug {
  readonly name: string;
  /** Below dist/. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  /** The spec that states the rule, below dist/. */
  readonly spec: string;
}

const bugsOf =
  (file: string, suite: string) =>
  (name: string, find: string, replace: string): PlantedBug => ({ name, file, find, replace, spec: `${suite}.spec.js` });

const files = bugsOf('disk/durable-files.js', 'log/log-writer');
const writer = bugsOf('log/log-writer.js', 'log/log-writer');
const state = bugsOf('log/log-state.js', 'log/log-writer');
const mirror = bugsOf('mirror/mirror.js', 'serve/public-log.medium');
const judge = bugsOf('witness/judge.js', 'witness/witness');
const witness = bugsOf('witness/witness.js', 'witness/witness');

export const PLANTED_BUGS: readonly PlantedBug[] = [
  files('flushes no file', 'await this.disk.sync(unfinished);', ''),
  files('flushes no folder', 'for (const folder of folders)\n            await this.disk.syncFolder(folder);', ''),
  files('flushes no name of a new folder', 'await this.disk.syncFolder(parent);', ''),
  files('writes over what may have been read', 'if (kept && !sameBytes(kept, bytes))', 'if (false)'),
  writer(
    'signs before its tiles are durable',
    'await this.files.putOnce(added);',
    'for (const { path, bytes } of added) { const folder = path.slice(0, path.lastIndexOf("/")); await this.files.ensureFolder(folder); await this.files.disk.write(path, bytes); }',
  ),
  writer('writes no batch down before its tiles', 'await this.files.put([{ path: NEXT, bytes: encodeBatch(this.vkey.name, batch) }]);', ''),
  writer('forgets the batch that was begun', 'if (loaded.next)', 'if (false)'),
  writer(
    'makes its checkpoint durable later',
    'await this.files.put([{ path: CHECKPOINT, bytes: Buffer.from(note) }]);\n        return',
    'await this.files.disk.write(CHECKPOINT, Buffer.from(note));\n        return',
  ),
  state('goes on over tiles that do not lead to its root', 'roots.some((each) => !sameBytes(each, root))', 'false'),
  state('begins anew where a checkpoint was lost', "if (begun || (await files.disk.list('tile')).length > 0)", 'if (false)'),
  state('goes on behind a batch that it has begun', 'if (batch && batch.from > checkpoint.size)', 'if (false)'),
  state(
    'takes the checkpoint of anybody',
    'openCheckpoint(kept, vkey).checkpoint',
    '((note) => ({ origin: note[0], size: Number(note[1]), root: Buffer.from(note[2], "base64") }))(Buffer.from(kept).toString("utf8").split("\\n"))',
  ),
  bugsOf('log/log-queue.js', 'log/log-queue')(
    'appends the same entry again',
    '.filter(({ entry }) => this.writer.indexOf(leafHash(entry)) === undefined)',
    '',
  ),
  bugsOf('log/log-queue.js', 'log/log-queue')('goes on after its disk failed as if nothing had been', 'if (this.failed)', 'if (false)'),
  mirror('copies what does not lead to the signed root', 'if (!sameBytes(await new TileTree(overlay, size).root(), root))', 'if (false)'),
  mirror('follows a log that shows another root', 'if (!sameBytes(own.root, checkpoint.root))', 'if (false)'),
  mirror('goes back with its log', 'if (own && checkpoint.size < own.size)', 'if (false)'),
  judge('takes a size that is not its own', 'if (oldSize !== known)', 'if (false)'),
  judge('takes an old size above the new one', 'if (oldSize > size)', 'if (false)'),
  judge('takes checkpoints that their log has not signed', 'if (signers.length === 0)', 'if (false)'),
  judge('takes any proof', 'if (!verifyConsistency(', 'if (false && !verifyConsistency('),
  judge('passes on what others wrote', 'return { ...note, signatures: mine };', 'return note;'),
  witness('answers before it remembers', 'await this.options.store.save(', 'void this.options.store.save('),
  witness('remembers nothing', 'await this.options.store.save(checkpoint.origin, assembleNote(note.text, [...note.signatures, own]));', ''),
  witness('judges two submissions at once', '(this.turns.get(origin) ?? Promise.resolve()).then(work)', 'work()'),
  witness('believes a memory that it did not sign', 'verifyCosignatures(note, [this.vkey]).length === 1', 'true'),
];
