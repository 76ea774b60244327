/** Tests run on the compiled output of `tsc -b`, so what is tested is what ships. */
const base = { testEnvironment: 'node', transform: {}, roots: ['<rootDir>/libs', '<rootDir>/apps', '<rootDir>/e2e'] };

// The time limits only end what hangs: a busy machine of two cores has to pass too.
export default {
  projects: [
    {
      ...base,
      displayName: 'unit',
      testMatch: ['**/dist/**/*.spec.js'],
      testPathIgnorePatterns: ['\\.(medium|e2e)\\.spec\\.js$'],
      testTimeout: 30_000,
    },
    { ...base, displayName: 'medium', testMatch: ['**/dist/**/*.medium.spec.js'], testTimeout: 60_000 },
    { ...base, displayName: 'e2e', testMatch: ['**/dist/**/*.e2e.spec.js'], testTimeout: 240_000 },
  ],
};
