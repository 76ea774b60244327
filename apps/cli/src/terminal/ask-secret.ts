import { VaultError } from '@strongroom/protocol';
import type { Terminal } from './terminal.js';

/** Ctrl-C at a question. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/**
 * Asks for a line without showing it. The characters are held in a string, which cannot be wiped.
 * @throws REQUEST_INVALID without a terminal; Interrupted on Ctrl-C
 */
export async function askSecret(terminal: Terminal, question: string): Promise<string> {
  const { stdin, stderr } = terminal.streams;
  if (!terminal.interactive || stdin.setRawMode === undefined) {
    throw new VaultError('REQUEST_INVALID', `cannot ask for ${question} without a terminal`, { field: 'code' });
  }
  stderr.write(`${question}: `);
  stdin.setRawMode(true);
  stdin.setEncoding('utf8');
  try {
    return await new Promise<string>((resolve, reject) => {
      let typed = '';
      const take = (chunk: string): void => {
        for (const key of chunk) {
          if (key === '\u0003') return end(() => reject(new Interrupted()));
          if (key === '\r' || key === '\n' || key === '\u0004') return end(() => resolve(typed));
          typed = key === '\u007f' || key === '\b' ? [...typed].slice(0, -1).join('') : typed + key;
        }
      };
      const ended = (): void => end(() => reject(new Interrupted()));
      const end = (settle: () => void): void => {
        stdin.off('data', take);
        stdin.off('end', ended);
        settle();
      };
      stdin.on('data', take);
      stdin.once('end', ended);
      stdin.resume();
    });
  } finally {
    stdin.setRawMode(false);
    stdin.pause();
    stderr.write('\n');
  }
}
