import { readFile } from 'node:fs/promises';
import { VaultError } from '@strongroom/protocol';
import { askSecret } from '../terminal/ask-secret.js';
import type { Terminal } from '../terminal/terminal.js';

export interface CodeSources {
  readonly codeFile: string | undefined;
  /** STRONGROOM_CODE. */
  readonly fromEnvironment: string | undefined;
}

/**
 * The recovery code: from the file, else from the environment, else asked without echo. Never from the arguments, which
 * every user of the machine can read. @throws REQUEST_INVALID saying how to give one
 */
export async function recoveryCode(terminal: Terminal, sources: CodeSources, question: string): Promise<string> {
  if (sources.codeFile !== undefined) return codeOfFile(sources.codeFile);
  if (sources.fromEnvironment !== undefined) return sources.fromEnvironment;
  if (!terminal.interactive) {
    throw new VaultError('REQUEST_INVALID', 'no recovery code: give --code-file FILE or STRONGROOM_CODE, or run on a terminal', {
      field: 'code',
    });
  }
  return askSecret(terminal, question);
}

/** Asked twice on a terminal: a slip of the finger would lock its owner out. */
export async function newRecoveryCode(terminal: Terminal, sources: CodeSources): Promise<string> {
  const code = await recoveryCode(terminal, sources, 'New recovery code');
  const asked = sources.codeFile === undefined && sources.fromEnvironment === undefined;
  if (asked && (await askSecret(terminal, 'Once more')) !== code) {
    throw new VaultError('REQUEST_INVALID', 'the two codes differ; nothing was changed', { field: 'code' });
  }
  return code;
}

async function codeOfFile(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).replace(/\r?\n$/, '');
  } catch (cause) {
    throw new VaultError('REQUEST_INVALID', `cannot read the code from ${path}`, { field: 'codeFile' }, { cause });
  }
}
