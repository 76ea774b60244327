import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { until } from '../process/until.js';
import { finished, SampleProject } from './sample-project.fixture.js';

let project: SampleProject;

beforeEach(() => {
  project = new SampleProject();
});

afterEach(() => project.remove());

describe('preparing a start', () => {
  it('installs and compiles once, and nothing while nothing changes', async () => {
    expect(await project.run('build.mjs')).toMatchObject({ code: 0, stdout: '' });
    project.jestReports({ numPassedTests: 1 }, {});
    await project.run('test.mjs');
    expect(project.called().slice(0, 2)).toEqual(['npm', 'tsc']);
    expect(project.called().filter((call) => !call.startsWith('jest'))).toEqual(['npm', 'tsc']);
  });

  it('installs again when the lockfile changed', async () => {
    await project.run('build.mjs');
    project.lock({ 'node_modules/a': { version: '1.0.1', integrity: 'y' } });
    await project.run('build.mjs');
    expect(project.called()).toEqual(['npm', 'tsc', 'npm', 'tsc']);
  });

  it('takes an installation made by hand that fits the lockfile, whatever optional packages it lacks', async () => {
    await project.run('build.mjs');
    project.lock({
      'node_modules/a': { version: '1.0.0', integrity: 'x' },
      'node_modules/b': { version: '1.0.0', integrity: 'z', optional: true, os: ['aix'], cpu: ['ppc64'] },
    });
    await project.run('build.mjs');
    expect(project.called()).toEqual(['npm', 'tsc', 'tsc']);
  });

  it('installs again when the packages of this platform are missing', async () => {
    await project.run('build.mjs');
    const { platform, arch } = process;
    project.lock({ 'node_modules/b': { version: '1.0.0', integrity: 'z', optional: true, os: [platform], cpu: [arch] } });
    await project.run('build.mjs');
    expect(project.called().filter((call) => call === 'npm').length).toBe(2);
  });

  it('compiles again when a source changed, and removes what has no source any more', async () => {
    await project.run('build.mjs');
    project.write('libs/one/src/index.ts', 'export const two = 2;');
    project.write('libs/one/dist/index.js', '');
    project.write('libs/one/dist/gone.spec.js', '');
    project.write('libs/one/dist/data.json', '{}');
    project.jestReports({ numPassedTests: 1 }, {});
    await project.run('test.mjs');
    expect(project.called().filter((call) => call === 'tsc').length).toBe(2);
    expect(['index.js', 'gone.spec.js', 'data.json'].map((name) => project.has(`libs/one/dist/${name}`))).toEqual([true, false, true]);
  });

  it('starts nothing when npm fails, and installs the next time', async () => {
    project.write('npm-fails', '');
    expect(await project.run('test.mjs')).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('npm ci ended with code 1'),
    });
    expect(project.called()).toEqual(['npm']);
    project.remove('npm-fails');
    expect(await project.run('build.mjs')).toMatchObject({ code: 0 });
    expect(project.called()).toEqual(['npm', 'npm', 'tsc']);
  });

  it('says that the sources do not compile', async () => {
    project.write('libs/one/src/index.ts', 'mistake');
    expect(await project.run('test.mjs')).toMatchObject({ code: 1, stderr: expect.stringContaining('do not compile') });
    project.write('libs/one/src/index.ts', 'export {};');
    expect(await project.run('build.mjs')).toMatchObject({ code: 0 });
  });
});

describe('several starts at once', () => {
  it('install once', async () => {
    const results = await Promise.all([1, 2, 3, 4].map(() => project.run('build.mjs')));
    expect(results.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
    expect(project.called().filter((call) => call === 'npm')).toEqual(['npm']);
  });

  it('never hold the lock together, even when holders are killed', async () => {
    project.write(
      'holder.mjs',
      `import { appendFileSync } from 'node:fs';
       import { setTimeout as delay } from 'node:timers/promises';
       import { takeLock } from './scripts/prepare/lock.mjs';
       const [, , name, dies] = process.argv;
       const release = await takeLock('.cache', { pollMs: 5 });
       appendFileSync('calls', 'in ' + name + '\\n');
       await delay(30);
       if (dies) process.kill(process.pid, 'SIGKILL');
       appendFileSync('calls', 'out ' + name + '\\n');
       release();`,
    );
    const holders = Array.from({ length: 12 }, (_, i) => project.start('../holder.mjs', String(i), ...(i % 3 === 0 ? ['dies'] : [])));
    await Promise.all(holders.map(finished));
    const calls = project.called();
    expect(calls.filter((call) => call.startsWith('in ')).length).toBe(12);
    expect(calls.filter((call) => call.startsWith('out ')).length).toBe(8);
    calls.forEach((call, i) => {
      if (call.startsWith('out ')) expect(calls[i - 1]).toBe(call.replace('out', 'in'));
    });
  });
});

describe('the command line', () => {
  /** Writes down every signal and ends at the first SIGTERM, after a moment. */
  const CLI = `import { appendFileSync } from 'node:fs';
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => appendFileSync('calls', signal + '\\n'));
    process.once('SIGTERM', () => setTimeout(() => process.exit(7), 1500));
    appendFileSync('calls', 'up ' + process.argv.slice(2).join(' ') + '\\n');
    setInterval(() => {}, 1000);`;

  it('gets its arguments and each signal once, however many senders, and passes its exit code back', async () => {
    await project.run('build.mjs');
    project.write('apps/cli/dist/main.js', CLI);
    const child = project.start('run.mjs', 'up', '--once');
    const ended = finished(child);
    await until(() => (project.called().includes('up up --once') ? true : undefined), { what: 'the command', timeoutMs: 20_000 });
    for (const signal of ['SIGINT', 'SIGINT', 'SIGTERM', 'SIGTERM'] as const) child.kill(signal);
    expect((await ended).code).toBe(7);
    expect(
      project
        .called()
        .filter((call) => call.startsWith('SIG'))
        .sort(),
    ).toEqual(['SIGINT', 'SIGTERM']);
  });

  it('says how a signal ended it', async () => {
    await project.run('build.mjs');
    project.write('apps/cli/dist/main.js', "process.kill(process.pid, 'SIGKILL'); setInterval(() => {}, 1000);");
    expect(await project.run('run.mjs')).toMatchObject({ code: 137 });
  });
});

describe('npm test', () => {
  const cases = [
    ['all tests passed', [{ numPassedTests: 5 }, { numPassedTests: 2 }, {}], '7 passed, 0 failed', 0],
    ['a test failed', [{ numPassedTests: 5, numFailedTests: 1, status: 1 }, { numPassedTests: 2 }, {}], '7 passed, 1 failed', 1],
    ['a file could not be loaded', [{ numPassedTests: 5 }, { numRuntimeErrorTestSuites: 2, status: 1 }, {}], '5 passed, 2 failed', 1],
    ['jest failed although no test did', [{ numPassedTests: 5, status: 1 }, {}, {}], '5 passed, 1 failed', 1],
    ['no test ran', [{}, {}, {}], '0 passed, 0 failed', 1],
  ] as const;

  it.each(cases)('when %s', async (_, reports, line, code) => {
    project.jestReports(...reports);
    const result = await project.run('test.mjs');
    expect(result.stdout.trimEnd().split('\n').at(-1)).toBe(line);
    expect(result.code).toBe(code);
  });

  it('counts a run without results as a failure', async () => {
    project.jestReports({ numPassedTests: 5 }, {});
    const result = await project.run('test.mjs');
    expect(result.stdout).toMatch(/^5 passed, 1 failed$/m);
    expect(result.code).toBe(1);
  });

  it('gives jest the arguments that it was given, and one run for chosen projects', async () => {
    project.jestReports({ numPassedTests: 1 });
    await project.run('test.mjs', 'libs/one', '--selectProjects', 'unit');
    expect(project.called().at(-1)).toBe('jest libs/one --selectProjects unit --runInBand --json --passWithNoTests');
  });
});
