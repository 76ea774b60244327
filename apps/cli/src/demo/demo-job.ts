import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { invalid } from '@strongroom/protocol';
import { projectRoot } from '@strongroom/stack';
import type { CommandContext } from '../commands/command-context.js';
import { adviceFor } from '../errors/advice.js';
import { allHeld, emptyReport, type DemoReport } from './demo-report.js';
import { runDemo } from './demo-run.js';
import type { StartedVault } from './start-vault.js';

export interface JobOutcome {
  readonly held: boolean;
  readonly result: DemoReport & { readonly error?: string };
}

/** Checked before anything is started. @throws REQUEST_INVALID when it is no folder */
export async function demoFolder(given: string | undefined): Promise<string> {
  const folder = resolve(given ?? join(projectRoot(), 'docs'));
  const info = await stat(folder).catch(() => undefined); // missing or unreadable: said below in one way
  if (!info?.isDirectory()) throw invalid('folder', `${folder} is not a folder that can be read`);
  return folder;
}

/** Runs the job and says whether every step held; what was measured before a failure stays in the report. */
export async function runJob(
  context: CommandContext,
  { stack, startMs }: StartedVault,
  dataDir: string,
  folder: string,
): Promise<JobOutcome> {
  const { terminal, signal, nowMs } = context;
  const { attempts } = stack.fleet.parameters;
  const report = emptyReport({ start: startMs });
  const workDir = await mkdtemp(join(dataDir, 'run-'));
  try {
    const trustRoot = await readFile(stack.trustRootFile, 'utf8');
    const vault = {
      gatewayUrl: stack.gatewayUrl,
      bus: { url: stack.natsUrl, nkeyFile: stack.observerKeyFile },
      trustRoot,
      attempts,
      nodes: stack.services.nodes,
    };
    const say = (line: string): void => terminal.line(`${terminal.style('good', '•')} ${line}`);
    await runDemo({ vault, folder, workDir, signal, say, nowMs }, report);
    const held = allHeld(report, attempts);
    terminal.line(held ? terminal.style('good', 'every step held') : terminal.style('bad', 'not every step held'));
    return { held, result: report };
  } catch (error) {
    signal.throwIfAborted();
    const message = error instanceof Error ? error.message : String(error);
    terminal.line(`${terminal.style('bad', 'a step did not hold:')} ${message}`);
    const advice = adviceFor(error);
    if (advice !== undefined) terminal.line(advice);
    return { held: false, result: { ...report, error: message } };
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
}
