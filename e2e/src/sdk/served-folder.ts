import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface ServedFolder {
  /** As in `http://127.0.0.1:8000`. */
  readonly origin: string;
  readonly stop: () => Promise<void>;
}

/** The static server of the examples on a free port, as their reader would start it. */
export async function serveFolder(folder: string): Promise<ServedFolder> {
  const child = spawn(process.execPath, ['browser/serve.mjs', '.', '0'], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  const [address]: unknown[] = await once(createInterface(child.stdout), 'line', { signal: AbortSignal.timeout(30_000) });
  return {
    origin: new URL(String(address)).origin,
    stop: async () => {
      if (child.kill()) await once(child, 'exit');
    },
  };
}
