import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openChromium, TestFleet } from '@strongroom/testing';
import type { Browser, Page } from 'playwright-core';
import { judgeBundle } from '../judge/judge-bundle.js';
import { allVectors, builtPage, type Vector } from '../judge/vectors.fixture.js';

const PAGE = pathToFileURL(builtPage()).href;
const vectors = allVectors();
let browser: Browser;
let fleet: TestFleet;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'audit-page-'));
  [browser, fleet] = await Promise.all([openChromium(), TestFleet.create({ profile: 'smallest' })]);
});

afterAll(async () => {
  await browser.close();
  await fleet.stop();
  rmSync(folder, { recursive: true });
});

/** A tab in which every fault of the page is a failure of its test. */
async function open(url: string): Promise<{ readonly page: Page; readonly faults: string[] }> {
  const page = await browser.newPage();
  const faults: string[] = [];
  page.on('pageerror', ({ message }) => void faults.push(message));
  page.on('console', (message) => void (message.type() === 'error' && faults.push(message.text())));
  await page.goto(url);
  return { page, faults };
}

function fileOf(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** Number, name and outcome of each check that stands in a list of the page. */
function listed(page: Page, list: string): Promise<readonly (readonly (string | undefined)[])[]> {
  return page
    .getByRole('list', { name: list })
    .locator('li')
    .evaluateAll((items) => items.map((item) => (item instanceof HTMLElement ? [item.dataset['check'], item.dataset['outcome']] : [])));
}

const inNode = ({ name, question }: Pick<Vector, 'name' | 'question'>): unknown => {
  const { verdict, checks, refusal, gossipCode } = judgeBundle(question);
  return { name, verdict, checks, refusal: refusal ?? null, gossipCode: gossipCode ?? null };
};

describe('the audit page, opened from a disk', () => {
  it('gives every bundle of the corpus the verdict, the words and the gossip code that Node gives it', async () => {
    const { page, faults } = await open(PAGE);
    const questions = vectors.map(({ name, question }) => ({ name, question }));
    const told = await page.evaluate((asked) => {
      const { judgeBundle: judge } = Reflect.get(window, 'strongroom');
      return asked.map(({ name, question }) => {
        const { verdict, checks, refusal, gossipCode } = judge(question);
        return { name, verdict, checks, refusal: refusal ?? null, gossipCode: gossipCode ?? null };
      });
    }, questions);
    expect(told.length).toBeGreaterThan(100);
    expect(told).toEqual(questions.map(inNode));
    expect(faults).toEqual([]);
    await page.close();
  });

  it('takes trust root and bundle at once, shows the way to the root, and then refuses a bad one in their place', async () => {
    const good = vectors.find(
      ({ wanted, question }) => wanted.accepted && Object.keys(wanted.open).length === 0 && question.memory === null,
    );
    const bad = vectors.find(
      ({ wanted, question }) => !wanted.accepted && wanted.check === 'inclusion' && question.nowMs === good?.question.nowMs,
    );
    if (!good || !bad) throw new Error('the corpus has no such bundles');
    const { page, faults } = await open(PAGE);
    await page.clock.setFixedTime(new Date(good.question.nowMs));
    const files = [fileOf('trust-root.json', good.question.trustRoot), fileOf('good.proof', good.question.source)];
    await page.locator('#trust-file').evaluate((input) => input.toggleAttribute('multiple', true));
    await page.setInputFiles('#trust-file', files);
    expect(await page.locator('[data-verdict]').getAttribute('data-verdict')).toBe('good');
    expect((await listed(page, 'The twenty checks')).map(([, outcome]) => outcome)).toEqual([
      ...Array.from({ length: 19 }, () => 'ok'),
      'skipped',
    ]);
    expect(await page.getByRole('img', { name: /ends in the root that was signed/ }).count()).toBe(1);
    await page.locator('[data-check=both-signatures] summary').click();
    await page.getByText('strongroom.example/operator').last().waitFor();
    await page.setInputFiles('#proof-file', fileOf('bad.proof', bad.question.source));
    await page.locator('[data-verdict=bad]').waitFor();
    expect(await listed(page, 'The twenty checks')).toContainEqual(['inclusion', 'FAIL']);
    expect(faults).toEqual([]);
    await page.close();
  });

  it('says what it cannot read, and goes on', async () => {
    const { page, faults } = await open(PAGE);
    await page.setInputFiles('#proof-file', fileOf('nothing.bin', '\u0000\u0001garbage'));
    await page.getByRole('alert').waitFor();
    await page.setInputFiles('#trust-file', fileOf('broken.json', '{"format": "strongroom/trust-root/v1"'));
    await page.getByRole('alert').waitFor();
    await page.getByRole('button', { name: 'Check the live log' }).click();
    await page.getByText('Give the trust root first').waitFor();
    await page.setInputFiles('#trust-file', fleet.stack.trustRootFile);
    await page.locator('[data-trust-root]').waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
    expect(faults).toEqual([]);
    await page.close();
  });

  it('shows nothing of an audit that was under way when another trust root came', async () => {
    const { page } = await open(`${PAGE}#${linkOf(fleet)}`);
    let asked = 0;
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    await page.route('**/checkpoint', async (route) => {
      asked += 1;
      await released;
      await route.continue().catch(() => undefined);
    });
    await page.setInputFiles('#trust-file', fleet.stack.trustRootFile);
    await page.getByRole('button', { name: 'Check the live log' }).click();
    await page.getByRole('button', { name: 'Stop' }).waitFor();
    const other = vectors[0]?.question.trustRoot ?? '';
    await page.setInputFiles('#trust-file', fileOf('other.json', other));
    await page.getByRole('button', { name: 'Stop' }).waitFor({ state: 'detached' });
    release();
    await page.unroute('**/checkpoint');
    await page.getByRole('button', { name: 'Check the live log' }).click();
    await page.locator('[data-verdict=bad]').waitFor();
    expect(asked).toBeGreaterThan(0);
    expect(await listed(page, 'The audit of the log')).toContainEqual(['replay', 'FAIL']);
    await page.close();
  });

  it('checks a live log from another origin than the log', async () => {
    const { page, faults } = await open(`${PAGE}#${linkOf(fleet)}&gateway=${encodeURIComponent(fleet.stack.gatewayUrl)}`);
    await expectLiveAudit(page, fleet);
    expect(faults).toEqual([]);
    await page.close();
  });
});

describe('the audit page, served by the gateway', () => {
  it('runs under its policy and checks the live log as the command does, and remembers what it saw', async () => {
    const { page, faults } = await open(`${fleet.stack.gatewayUrl}/console#${linkOf(fleet)}`);
    expect(page.url()).toContain('/console/audit');
    await expectLiveAudit(page, fleet);
    expect(await listed(page, 'The twenty checks')).toContainEqual(['memory-saved', 'ok']);
    await page.getByRole('button', { name: 'Check the live log' }).click();
    await page.locator('[data-check=epoch] .saw', { hasText: 'epoch 1 after epoch 1' }).waitFor();
    expect(await page.locator('[data-check=saved-state] .saw').textContent()).toContain('1 entries were saved');
    expect(faults).toEqual([]);
    await page.close();
  });

  it('says when nobody answers', async () => {
    const { page } = await open(`${fleet.stack.gatewayUrl}/console/audit#log=http%3A%2F%2F127.0.0.1%3A9%2Flog%2F`);
    await page.setInputFiles('#trust-file', fleet.stack.trustRootFile);
    await page.getByRole('button', { name: 'Check the live log' }).click();
    await page.locator('[data-verdict=open]').waitFor();
    expect(await listed(page, 'The audit of the log')).toContainEqual(['replay', 'skipped']);
    await page.close();
  });
});

function linkOf({ stack }: TestFleet): string {
  return new URLSearchParams({ log: stack.logUrl ?? '', mirror: stack.mirrorUrl ?? '' }).toString();
}

async function expectLiveAudit(page: Page, { stack }: TestFleet): Promise<void> {
  await page.setInputFiles('#trust-file', stack.trustRootFile);
  await page.getByRole('button', { name: 'Check the live log' }).click();
  await page.locator('[data-verdict=open]').waitFor();
  const lines = Object.fromEntries(await listed(page, 'The audit of the log'));
  for (const check of ['trust-root', 'witnesses', 'replay', 'chain', 'both-signatures', 'succession', 'keys', 'head', 'possession']) {
    expect([check, lines[check]]).toEqual([check, 'ok']);
  }
  const checks = await listed(page, 'The twenty checks');
  expect(checks.slice(0, 19).map(([, outcome]) => outcome)).toEqual(Array.from({ length: 19 }, () => 'ok'));
  expect(await page.locator('.timeline tbody tr').count()).toBe(stack.fleet.parameters.n);
  expect(await page.locator('.copyable code').first().textContent()).toMatch(/^1\.1\.[0-9a-f]{12}$/);
  expect(await page.locator('.copyable code').nth(1).textContent()).toContain(`--log ${stack.logUrl ?? ''}`);
}
