/** Tests run on the compiled output of `tsc -b`, so what is tested is what ships. */
const roots = ['libs', 'apps', 'e2e', 'bench', 'sim', 'chaos'].map((folder) => `<rootDir>/${folder}`);
const base = { testEnvironment: 'node', transform: {}, roots };

export default {
  // Only ends what hangs: a busy machine of two cores has to pass too. jest takes no limit of a project's own.
  testTimeout: 120_000,
  projects: [
    {
      ...base,
      displayName: 'unit',
      testMatch: ['**/dist/**/*.spec.js'],
      testPathIgnorePatterns: ['\\.(medium|e2e)\\.spec\\.js$'],
    },
    { ...base, displayName: 'medium', testMatch: ['**/dist/**/*.medium.spec.js'] },
    { ...base, displayName: 'e2e', testMatch: ['**/dist/**/*.e2e.spec.js'] },
  ],
};
