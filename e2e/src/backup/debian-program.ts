import { join } from 'node:path';
import { findProgram, projectRoot, unpackDebianPackage } from '@strongroom/stack';

/** A program of Debian's package of the same name: the one on the PATH, else unpacked into the project's cache. */
export async function debianProgram(name: string): Promise<string> {
  const installed = findProgram(name, process.env['PATH'] ?? '');
  return installed ?? join(await unpackDebianPackage(name, join(projectRoot(), '.cache')), 'usr', 'bin', name);
}
