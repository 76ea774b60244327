import tseslint from 'typescript-eslint';

const where = 'in config.ts, main.ts, platform and stack only: elsewhere the clock, randomness and settings are arguments';
const impure = [
  { object: 'process', property: 'env', message: `process.env is read ${where}` },
  { object: 'Date', property: 'now', message: `Date.now is called ${where}` },
  { object: 'Math', property: 'random', message: 'Math.random is neither secret nor repeatable: take a RandomSource' },
];
const noEmptyCatch = {
  selector: 'CatchClause > BlockStatement[body.length=0]',
  message: 'catch to add meaning or to clean up, never to swallow',
};
const noBareDate = { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: `new Date() reads the clock ${where}` };
const noSkippedTest = [
  { selector: 'MemberExpression[object.name=/^(it|test|describe)$/][property.name=/^(skip|only|todo)$/]', message: 'every test runs' },
  { selector: 'CallExpression[callee.name=/^(xit|xtest|xdescribe|fit|fdescribe)$/]', message: 'every test runs' },
];

const impureFiles = [
  '**/config.ts',
  '**/main.ts',
  '**/*.spec.ts',
  '**/platform/**',
  'libs/stack/**',
  'libs/testing/**',
  'e2e/**',
  'bench/**',
  'chaos/**',
];

export default tseslint.config(
  { ignores: ['**/dist/', '**/node_modules/', '**/.cache/', '**/.strongroom/', '**/coverage/', '**/generated/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: [
      'libs/*/src/**/*.ts',
      'apps/*/src/**/*.ts',
      'apps/*/src/**/*.tsx',
      'e2e/src/**/*.ts',
      'bench/src/**/*.ts',
      'sim/src/**/*.ts',
      'chaos/src/**/*.ts',
    ],
    extends: [tseslint.configs.recommended],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'never' }],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true }],
      '@typescript-eslint/no-unused-expressions': ['error', { allowShortCircuit: true, allowTernary: true }],
      'max-lines': ['warn', { max: 250, skipBlankLines: false, skipComments: false }],
      'no-empty': ['error', { allowEmptyCatch: false }],
      'no-restricted-properties': ['error', ...impure],
      'no-restricted-syntax': ['error', noEmptyCatch, noBareDate, ...noSkippedTest],
    },
  },
  {
    // Nest modules are empty classes that only carry a decorator.
    files: ['**/*.module.ts'],
    rules: { '@typescript-eslint/no-extraneous-class': 'off' },
  },
  {
    files: impureFiles,
    rules: {
      'no-restricted-properties': ['error', impure[2]],
      'no-restricted-syntax': ['error', noEmptyCatch, ...noSkippedTest],
    },
  },
  {
    // A test may reach past the types to send what no typed caller could.
    files: ['**/*.spec.ts'],
    rules: { 'no-restricted-properties': 'off' },
  },
  {
    files: ['**/*.mjs'],
    rules: { 'no-restricted-syntax': ['error', noEmptyCatch], 'no-var': 'error', 'prefer-const': 'error', eqeqeq: 'error' },
  },
);
