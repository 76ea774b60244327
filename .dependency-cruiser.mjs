/**
 * Imports point one way: apps -> platform -> contracts -> protocol -> transparency -> audited cryptography.
 * What a workspace may import of ours is listed once below; everything not listed is refused.
 */
const mayImport = {
  'libs/transparency': [],
  'libs/protocol': ['libs/transparency'],
  'libs/contracts': ['libs/protocol', 'libs/transparency'],
  'libs/platform': ['libs/contracts', 'libs/protocol', 'libs/transparency'],
  'libs/client': ['libs/contracts', 'libs/protocol', 'libs/transparency'],
  'libs/tlog': ['libs/platform', 'libs/contracts', 'libs/protocol', 'libs/transparency'],
  'libs/stack': ['libs/tlog', 'libs/platform', 'libs/contracts', 'libs/protocol', 'libs/transparency'],
  'libs/testing': ['libs/client', 'libs/stack', 'libs/platform', 'libs/contracts', 'libs/protocol', 'libs/transparency'],
  'apps/(?:bundle-publisher|bundle-auditor)': ['libs/tlog', 'libs/platform', 'libs/contracts', 'libs/protocol', 'libs/transparency'],
  'apps/(?:hsm-node|session-gateway|fleet-registry)': ['libs/platform', 'libs/contracts', 'libs/protocol', 'libs/transparency'],
  'apps/console': ['libs/client', 'libs/contracts', 'libs/protocol', 'libs/transparency'],
  'apps/cli': ['libs/client', 'libs/tlog', 'libs/platform', 'libs/stack', 'libs/contracts', 'libs/protocol', 'libs/transparency'],
  // The bench measures the node's own cryptography beside the fleet.
  bench: [
    'apps/hsm-node',
    'libs/client',
    'libs/tlog',
    'libs/platform',
    'libs/stack',
    'libs/contracts',
    'libs/protocol',
    'libs/transparency',
  ],
  // The simulator runs the node itself, on parts of its own.
  sim: ['apps/hsm-node', 'libs/platform', 'libs/contracts', 'libs/protocol', 'libs/transparency'],
  // Its load are the devices of the tests.
  chaos: ['libs/testing', 'libs/client', 'libs/stack', 'libs/platform', 'libs/contracts', 'libs/protocol', 'libs/transparency'],
  e2e: ['libs/testing', 'libs/client', 'libs/tlog', 'libs/stack', 'libs/platform', 'libs/contracts', 'libs/protocol', 'libs/transparency'],
};

/** Specs, their fixtures, the suites that a port's fake and real form both pass, and the readers of test vectors. */
const SPEC = '(?:\\.(?:spec|suite|fixture)\\.tsx?$|^libs/protocol/src/vectors/)';

const oneWay = Object.entries(mayImport).map(([from, allowed]) => ({
  name: `imports-of ${from}`,
  comment: allowed.length > 0 ? `may import of ours: ${allowed.join(', ')}` : 'imports nothing of ours',
  severity: 'error',
  from: { path: `^(${from})/src/`, pathNot: SPEC },
  to: { path: '^(?:libs|apps|e2e|bench|sim|chaos)/', pathNot: ['^$1/', ...allowed.map((lib) => `^${lib}/`)] },
}));

/** Specs may use the test library on top of what the code beside them may import. */
const oneWaySpecs = Object.entries(mayImport).map(([from, allowed]) => ({
  name: `imports-of-specs ${from}`,
  severity: 'error',
  from: { path: `^(${from})/src/.*\\.(?:spec|suite|fixture)\\.tsx?$` },
  to: {
    path: '^(?:libs|apps|e2e|bench|sim|chaos)/',
    pathNot: ['^$1/', ...['libs/testing', 'libs/stack', 'libs/client', ...allowed].map((lib) => `^${lib}/`)],
  },
}));

const packages = (...names) => names.map((name) => `node_modules/${name}/`);

export default {
  forbidden: [
    ...oneWay,
    ...oneWaySpecs,
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'tests-are-imported-by-tests',
      severity: 'error',
      from: { pathNot: [SPEC, '^libs/testing/', '^e2e/', '^sim/'] },
      to: { path: SPEC },
    },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'declared-packages-only',
      comment: 'a workspace names in its own package.json what it imports',
      severity: 'error',
      from: { pathNot: SPEC },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'pure-libraries-import-audited-cryptography-only',
      severity: 'error',
      from: { path: '^libs/(?:protocol|transparency)/src/', pathNot: SPEC },
      to: { path: 'node_modules/', pathNot: packages('@noble/[^/]+', '@hpke/[^/]+') },
    },
    {
      name: 'pure-libraries-import-no-builtins',
      severity: 'error',
      from: { path: '^libs/(?:protocol|transparency)/src/', pathNot: SPEC },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'contracts-import-zod-only',
      severity: 'error',
      from: { path: '^libs/contracts/src/', pathNot: [SPEC, '/generate/'] },
      to: { path: 'node_modules/', pathNot: packages('zod') },
    },
    {
      name: 'database-behind-its-port',
      comment: 'only *.pg.ts, *.entity.ts, migrations, data sources and modules know the database',
      severity: 'error',
      from: {
        path: '^(?:libs|apps)/',
        pathNot: [SPEC, '\\.(?:pg|entity|module)\\.ts$', 'migrations?/', 'data-source', '^libs/platform/src/(?:postgres|outbox|database)/'],
      },
      to: { path: packages('typeorm', '@nestjs/typeorm').join('|') },
    },
    {
      name: 'test-tools-in-specs-only',
      severity: 'error',
      from: { path: '^(?:libs|apps|bench|sim|chaos)/', pathNot: [SPEC, '^libs/testing/'] },
      to: { path: packages('@jest/[^/]+', 'jest', 'fast-check').join('|') },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '/dist/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      mainFields: ['module', 'main'],
    },
  },
};
