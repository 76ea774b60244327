import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { projectRoot } from '../files/project.js';

export interface ScriptResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** `npm ci` as far as the scripts can tell: packages, npm's record of them, the pinned Node, the tools. */
const NPM = `
  const fs = require('fs');
  fs.appendFileSync(process.env.CALLS, 'npm\\n');
  if (fs.existsSync('npm-fails')) process.exit(1);
  const { '': own, ...packages } = JSON.parse(fs.readFileSync('package-lock.json')).packages;
  fs.rmSync('node_modules', { recursive: true, force: true });
  for (const folder of ['.bin', 'typescript/bin', 'jest/bin']) fs.mkdirSync('node_modules/' + folder, { recursive: true });
  fs.writeFileSync('node_modules/.package-lock.json', JSON.stringify({ packages }));
  fs.symlinkSync(process.execPath, 'node_modules/.bin/node');
  fs.writeFileSync('node_modules/typescript/bin/tsc', process.env.TSC);
  fs.writeFileSync('node_modules/jest/bin/jest.js', process.env.JEST);
`;

const TSC = `
  const fs = require('fs');
  fs.appendFileSync(process.env.CALLS, 'tsc\\n');
  if (fs.readFileSync('libs/one/src/index.ts', 'utf8').includes('mistake')) process.exit(2);
  fs.mkdirSync('libs/one/dist', { recursive: true });
  fs.writeFileSync('libs/one/dist/.tsbuildinfo', '');
`;

const JEST = `
  const fs = require('fs');
  fs.appendFileSync(process.env.CALLS, 'jest ' + process.argv.slice(2).filter((arg) => !arg.startsWith('--outputFile')).join(' ') + '\\n');
  const [report, ...later] = JSON.parse(fs.readFileSync('reports.json'));
  fs.writeFileSync('reports.json', JSON.stringify(later));
  const file = process.argv.find((arg) => arg.startsWith('--outputFile=')).slice('--outputFile='.length);
  if (report) fs.writeFileSync(file, JSON.stringify({ numPassedTests: 0, numFailedTests: 0, numRuntimeErrorTestSuites: 0, numPendingTests: 0, numTodoTests: 0, ...report }));
  process.exit(report?.status ?? 0);
`;

/** A project of one library with our scripts, and with stand-ins for npm, tsc and jest that write down their calls. */
export class SampleProject {
  readonly root: string;
  private readonly calls: string;

  constructor() {
    this.root = mkdtempSync(join(tmpdir(), 'scripts-'));
    this.calls = join(this.root, 'calls');
    cpSync(join(projectRoot(), 'scripts'), join(this.root, 'scripts'), { recursive: true });
    this.write('package.json', JSON.stringify({ name: 'sample', type: 'module' }));
    this.lock({ 'node_modules/a': { version: '1.0.0', integrity: 'x' } });
    this.write('tsconfig.json', JSON.stringify({ references: [{ path: 'libs/one' }] }));
    this.write('tsconfig.base.json', '{}');
    this.write('libs/one/package.json', '{}');
    this.write('libs/one/tsconfig.json', '{}');
    this.write('libs/one/src/index.ts', 'export {};');
    this.write('npm-cli.cjs', NPM);
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), text);
  }

  lock(packages: Readonly<Record<string, unknown>>): void {
    this.write('package-lock.json', JSON.stringify({ packages: { '': {}, ...packages } }));
  }

  /** What the next jest runs report, in order; without one, jest ends without a report. */
  jestReports(...reports: readonly Readonly<Record<string, number>>[]): void {
    this.write('reports.json', JSON.stringify(reports));
  }

  has(path: string): boolean {
    return existsSync(join(this.root, path));
  }

  /** Which tools were called so far, in order. */
  called(): readonly string[] {
    return existsSync(this.calls) ? readFileSync(this.calls, 'utf8').trim().split('\n') : [];
  }

  start(script: string, ...args: readonly string[]): ChildProcess {
    const env = { PATH: process.env['PATH'], HOME: this.root, npm_execpath: join(this.root, 'npm-cli.cjs'), CALLS: this.calls, TSC, JEST };
    return spawn(process.execPath, [join(this.root, 'scripts', script), ...args], { cwd: this.root, env });
  }

  run(script: string, ...args: readonly string[]): Promise<ScriptResult> {
    return finished(this.start(script, ...args));
  }

  /** One file, or everything. */
  remove(path = ''): void {
    rmSync(join(this.root, path), { recursive: true });
  }
}

export function finished(child: ChildProcess): Promise<ScriptResult> {
  const output = { stdout: '', stderr: '' };
  child.stdout?.on('data', (data: Buffer) => (output.stdout += data.toString()));
  child.stderr?.on('data', (data: Buffer) => (output.stderr += data.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, ...output }));
  });
}
