import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { nodeVerifier } from '@strongroom/platform';
import { allDeploymentChecks, VaultError } from '@strongroom/protocol';
import {
  checkBinding,
  deploymentName,
  deploymentPage,
  FormatError,
  parseTrustRoot,
  statementOf,
  type DeploymentCheck,
} from '@strongroom/transparency';
import { z } from 'zod';
import { readEnvelopeFile } from '../evidence/envelope-file.js';
import { renderHtml } from '../evidence/render-html.js';
import { renderMarkdown } from '../evidence/render-markdown.js';
import type { CommandContext, Register } from './command-context.js';
import { writeText } from './custodian.command.js';

/** Verified, failed, and what could not be looked at; 64 is wrong usage. */
const VERIFIED = 0;
const FAILED = 1;
const COULD_NOT_CHECK = 2;

const verifyOptions = z.object({ trustRoot: z.string(), bundle: z.string().optional() });
const renderOptions = z.object({ out: z.string(), title: z.string().max(200).optional(), sample: z.boolean().optional() });

export function addEvidenceCommands(program: Command, register: Register): void {
  const evidence = program.command('evidence').description('Deployment statements: check one offline, or make a page of it.');
  const verify = evidence
    .command('verify')
    .argument('<file>', 'the envelope, as GET /v1/deployments/{digest} gives it or a ceremony keeps it')
    .description('Check everything about a deployment statement, offline: one line a check. Exit 0 verified, 1 failed, 2 could not check.')
    .requiredOption('--trust-root <file>', 'the trust root that you already have')
    .option('--bundle <file>', 'a bundle, as a signed note: does it bind this statement, and are its members these?')
    .addHelpText('after', '\nExample:\n  strongroom evidence verify deployment.json --trust-root trust-root.json --bundle bundle.note');
  register(verify, (context, options, [file = '']) => runVerify(context, file, verifyOptions.parse(options)));
  const render = evidence
    .command('render')
    .argument('<file>', 'the envelope')
    .description('Make a page of a deployment statement, HTML and Markdown, each complete in one file.')
    .requiredOption('--out <dir>', 'the folder')
    .option('--title <text>', 'of the page')
    .option('--sample', 'say on the page that this is a sample from a trial on one machine')
    .addHelpText('after', '\nExample:\n  strongroom evidence render deployment.json --out pages');
  register(render, (context, options, [file = '']) => runRender(context, file, renderOptions.parse(options)));
}

async function runVerify({ terminal }: CommandContext, file: string, options: z.infer<typeof verifyOptions>): Promise<number> {
  const found = await opened(file, options);
  if ('problem' in found) {
    terminal.line(`${'skipped'.padEnd(7)} ${found.problem}`);
    terminal.result({ verdict: 'could not check', problem: found.problem });
    return COULD_NOT_CHECK;
  }
  const { envelope, trustRoot, bundle } = found;
  const { statement, checks } = allDeploymentChecks(envelope, trustRoot, 'all', nodeVerifier);
  const all: readonly DeploymentCheck[] = [
    ...checks,
    ...(bundle !== undefined && statement ? [checkBinding(bundle, envelope, trustRoot)] : []),
  ];
  const failed = all.filter(({ outcome }) => outcome === 'failed');
  const environment = statement?.predicate.environment;
  if (environment) terminal.line(terminal.style(environment === 'hsm' ? 'good' : 'bad', `environment ${environment}`));
  for (const { check, outcome, saw } of all) {
    terminal.line(`${terminal.style(outcome === 'ok' ? 'good' : 'bad', outcome === 'ok' ? 'ok     ' : 'FAIL   ')} ${check}: ${saw}`);
  }
  const stage = statement?.predicate.stage ?? 'statement';
  terminal.line(
    failed.length === 0 ? `verified: the ${stage} ${deploymentName(envelope)}` : `${failed.length} of ${all.length} checks failed`,
  );
  terminal.result({
    verdict: failed.length === 0 ? 'verified' : 'failed',
    environment,
    stage,
    digest: deploymentName(envelope),
    checks: all,
  });
  return failed.length === 0 ? VERIFIED : FAILED;
}

type Opened =
  | { readonly problem: string }
  | {
      readonly envelope: Awaited<ReturnType<typeof readEnvelopeFile>>;
      readonly trustRoot: ReturnType<typeof parseTrustRoot>;
      readonly bundle: string | undefined;
    };

/** What cannot be read was not checked, which is neither verified nor failed. */
async function opened(file: string, { trustRoot: path, bundle }: z.infer<typeof verifyOptions>): Promise<Opened> {
  try {
    const trustRoot = parseTrustRoot(await readFile(path, 'utf8'));
    if (!trustRoot.custodians) return { problem: `${path} names no custodians, so nobody's signature counts` };
    return { envelope: await readEnvelopeFile(file), trustRoot, bundle: bundle === undefined ? undefined : await readFile(bundle, 'utf8') };
  } catch (error) {
    if (error instanceof VaultError || error instanceof FormatError) return { problem: error.message };
    if (error instanceof Error && 'code' in error) return { problem: error.message };
    throw error;
  }
}

async function runRender(
  { terminal }: CommandContext,
  file: string,
  { out, title, sample }: z.infer<typeof renderOptions>,
): Promise<number> {
  const envelope = await readEnvelopeFile(file);
  const page = deploymentPage(envelope, { title, sample: sample === true });
  await mkdir(out, { recursive: true });
  const base = `${page.fleet}-${page.digest.slice('sha256:'.length, 'sha256:'.length + 12)}`;
  const files = [join(out, `${base}.html`), join(out, `${base}.md`)] as const;
  await writeText(files[0], renderHtml(page));
  await writeText(files[1], renderMarkdown(page));
  for (const each of files) terminal.line(each);
  terminal.result({ files, digest: page.digest, environment: statementOf(envelope).predicate.environment });
  return 0;
}
