import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot, type CeremonyPlace } from '@strongroom/stack';
import type { CliResult } from '../cli/cli.js';

const PROGRAM = join(projectRoot(), 'apps/cli/dist/main.js');
const DEADLINE_MS = 60_000;

/** The command `strongroom` in a folder of its own, as the people of a ceremony run it. */
export class CeremonyCli {
  readonly dir = mkdtempSync(join(tmpdir(), 'strongroom-ceremony-'));

  /** `until`: ended with SIGKILL as soon as it has said this. */
  run(args: readonly string[], until?: string): Promise<CliResult> {
    const env = { PATH: process.env['PATH'] ?? '', USER: 'olga', STRONGROOM_HOME: join(this.dir, 'home') };
    const child = spawn(process.execPath, [PROGRAM, ...args, '--json'], { cwd: this.dir, env, timeout: DEADLINE_MS });
    let out = '';
    let said = '';
    const hear = (chunk: Buffer): void => {
      said += String(chunk);
      if (until !== undefined && said.includes(until)) child.kill('SIGKILL');
    };
    child.stdout.on('data', (chunk: Buffer) => {
      out += String(chunk);
      hear(chunk);
    });
    child.stderr.on('data', hear);
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (exit) => {
        const line = out.trim().split('\n').at(-1) ?? '';
        resolve({ exit, said, json: line.startsWith('{') ? JSON.parse(line) : undefined });
      });
    });
  }

  /** The ceremony of a fleet that is about to start. */
  deploy(place: CeremonyPlace, args: readonly string[] = [], until?: string): Promise<CliResult> {
    const { gatewayUrl, trustRootFile, fleetId, parameters, members } = place;
    const { n, t, q, attempts } = parameters;
    const size = ['--n', n, '--t', t, '--q', q, '--attempts', attempts].map(String);
    const where = ['--gateway', gatewayUrl, '--trust-root', trustRootFile, '--fleet', fleetId, '--ceremony', join(this.dir, 'ceremony')];
    return this.run(['fleet', 'deploy', ...where, ...size, '--members', members.join(','), '--allow-bench-suite', ...args], until);
  }

  remove(): void {
    rmSync(this.dir, { recursive: true });
  }
}
