import { execFile } from 'node:child_process';
import { copyFileSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { projectRoot } from '@strongroom/stack';
import { freshAccount, openChromium, TestFleet } from '@strongroom/testing';
import type { Browser, Page } from 'playwright-core';
import { installedSdk } from './packed-sdk.js';
import { serveFolder, type ServedFolder } from './served-folder.js';

const run = promisify(execFile);
const CODE = 'correct horse 42';
let fleet: TestFleet;
let browser: Browser;
let folder: string;
let served: ServedFolder;

beforeAll(async () => {
  [browser, folder] = await Promise.all([openChromium(), installedSdk()]);
  served = await serveFolder(folder);
  const env = { 'session-gateway': { CORS_ORIGINS: served.origin } };
  fleet = await TestFleet.create({ profile: 'smallest', ksf: 'argon2id:8192:1:1', env });
  for (const place of ['browser', 'react']) copyFileSync(fleet.stack.trustRootFile, join(folder, place, 'trust-root.json'));
});
afterAll(async () => {
  await Promise.all([browser.close(), served.stop(), fleet.stop()]);
  rmSync(folder, { recursive: true });
});

/** What a program of that folder prints. */
async function printed(file: string, ...args: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await run(process.execPath, [file, ...args], { cwd: folder, timeout: 60_000 });
  return stdout.trim().split('\n');
}

describe('the packed SDK in Node', () => {
  it('is the one package that is installed', () => {
    expect(readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual(['@strongroom']);
    expect(readdirSync(join(folder, 'node_modules/@strongroom'))).toEqual(['client']);
  });

  it('brings a key back in the lines of its README', async () => {
    const [, source] = /```js\n(.*?)```/s.exec(readFileSync(join(folder, 'node_modules/@strongroom/client/README.md'), 'utf8')) ?? [];
    const [before, after, ...more] = source?.split('http://127.0.0.1:8480') ?? [];
    expect(more).toEqual([]);
    writeFileSync(join(folder, 'first.mjs'), `${before}${fleet.stack.gatewayUrl}${after}`);
    expect(await printed('first.mjs', fleet.stack.trustRootFile)).toEqual(['a new device has 32 bytes of key and 2 attempts']);
  });

  it('does the whole job of the example', async () => {
    expect(await printed('node/recover.mjs', fleet.stack.trustRootFile, fleet.stack.gatewayUrl)).toEqual([
      expect.stringMatching(/^protected as version 1, voted by nodes \d, \d$/),
      'asked later on the same device, the code is right',
      'wrong code, 1 attempts left',
      'recovered the same key',
    ]);
  });

  it('has types that need no other package', async () => {
    const source = `
      import { VaultClient, WebDeviceStore, webWorkerStretcher, type VaultClientOptions } from '@strongroom/client';
      import { developmentVault } from '@strongroom/client/development';
      export const options: Partial<VaultClientOptions> = { deviceStore: new WebDeviceStore(localStorage), stretcher: webWorkerStretcher() };
      export const vault: (options: Parameters<typeof developmentVault>[0]) => Promise<VaultClient> = developmentVault;
      // @ts-expect-error a code is text
      export const wrong = (client: VaultClient) => client.recover(4711);
    `;
    writeFileSync(join(folder, 'types.ts'), source);
    const compilerOptions = { strict: true, noEmit: true, module: 'nodenext', target: 'es2023', lib: ['es2023', 'dom'], types: [] };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['types.ts'] }));
    expect(await printed(join(projectRoot(), 'node_modules/typescript/bin/tsc'), '--pretty', 'false')).toEqual(['']);
  });
});

describe('the packed SDK in Chromium', () => {
  it('does the whole job in a page without a bundler', async () => {
    await doesTheWholeJob('/browser/index.html');
  });

  it('does the whole job in a React page that Vite has built', async () => {
    // React is of the repository: only the SDK is what the newcomer installed.
    for (const name of ['react', 'react-dom', 'scheduler']) {
      symlinkSync(join(projectRoot(), 'node_modules', name), join(folder, 'node_modules', name));
    }
    await printed(join(projectRoot(), 'node_modules/vite/bin/vite.js'), 'build', 'react', '--base=./', '--logLevel=error');
    await doesTheWholeJob('/react/dist/index.html');
  });

  it('says in that page what is wrong with a code, while it is typed', async () => {
    const page = await openPage('/react/dist/index.html', freshAccount('page'));
    await page.getByLabel('Recovery code').fill('trustno1');
    await page.getByRole('note').filter({ hasText: 'Many people choose this code' }).waitFor();
    expect(await press(page, 'trustno1', 'Protect a new key')).toMatch(/^CODE_WEAK: /);
  });
});

/** Each device is a browser profile of its own: storage and keys of one are unknown to the other. */
async function doesTheWholeJob(path: string): Promise<void> {
  const account = freshAccount('page');
  const first = await openPage(path, account);
  const said = await press(first, CODE, 'Protect a new key');
  const key = /^protected key ([0-9a-f]{8})/.exec(said)?.[1];
  expect({ said, key }).toEqual({ said, key: expect.any(String) });
  const second = await openPage(path, account);
  expect(await press(second, 'another code', 'Recover the key')).toMatch(/^CODE_WRONG: .*1 attempts/);
  expect(await press(second, CODE, 'Recover the key')).toContain(`recovered key ${key}`);
}

async function openPage(path: string, account: string): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await page.goto(served.origin + path);
  await page.getByLabel('Gateway').fill(fleet.stack.gatewayUrl);
  await page.getByLabel('Account').fill(account);
  return page;
}

/** The status line, once it says how it ended. */
async function press(page: Page, code: string, button: string): Promise<string> {
  await page.getByLabel('Recovery code').fill(code);
  await page.getByRole('button', { name: button }).click();
  const status = page.getByRole('status').filter({ hasText: /key|[A-Z]{3}/ });
  await status.waitFor();
  return status.innerText();
}
