import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Application, LogLevel } from 'typedoc';
import { ENTRIES } from './pack/entries.mjs';
import { root } from './prepare.mjs';
import { Refusal, main } from './progress.mjs';

const REFERENCE = 'libs/client/reference';

/** `--write` writes the API reference of the SDK from its types and their comments; `--check` fails when a committed page differs. */
await main(async ([mode, ...more]) => {
  if ((mode !== '--write' && mode !== '--check') || more.length > 0) throw new Refusal('usage: reference.mjs --write | --check');
  if (mode === '--write') {
    await generate(join(root, REFERENCE));
    return 0;
  }
  const fresh = mkdtempSync(join(tmpdir(), 'strongroom-reference-'));
  try {
    await generate(fresh);
    const names = new Set([fresh, join(root, REFERENCE)].flatMap((folder) => readdirSync(folder)));
    const outdated = [...names].filter((name) => textOf(join(fresh, name)) !== textOf(join(root, REFERENCE, name)));
    for (const name of outdated) process.stdout.write(`${REFERENCE}/${name} is out of date: run npm run lint -- --fix\n`);
    return outdated.length === 0 ? 0 : 1;
  } finally {
    rmSync(fresh, { recursive: true });
  }
});

async function generate(folder) {
  const app = await Application.bootstrapWithPlugins({
    entryPoints: Object.values(ENTRIES).map((path) => join(root, 'libs/client/src', `${path}.ts`)),
    tsconfig: join(root, 'libs/client/tsconfig.json'),
    plugin: ['typedoc-plugin-markdown'],
    name: '@strongroom/client',
    out: folder,
    router: 'module',
    entryFileName: 'README',
    modulesFileName: 'README',
    readme: 'none',
    disableSources: true,
    disableGit: true,
    excludePrivate: true,
    excludeInternal: true,
    hideBreadcrumbs: true,
    hidePageHeader: true,
    logLevel: LogLevel.Warn,
    treatWarningsAsErrors: true,
    parametersFormat: 'table',
    interfacePropertiesFormat: 'table',
    skipErrorChecking: true,
  });
  const project = await app.convert();
  if (project === undefined) throw new Refusal('the reference cannot be made; the messages are above');
  app.validate(project);
  await app.generateOutputs(project);
  if (app.logger.hasErrors() || app.logger.hasWarnings()) throw new Refusal('the reference is not complete; the messages are above');
}

function textOf(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}
