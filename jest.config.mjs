/** Two projects, fast first: `unit` touches nothing outside the process; `system` runs against real Postgres, Temporal and Chromium. */
const shared = {
  rootDir: import.meta.dirname ?? new URL('.', import.meta.url).pathname,
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/.data'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
          keepClassNames: true,
        },
        module: { type: 'es6' },
      },
    ],
  },
};

export default {
  // A test that hangs is ended; one on a busy machine is not. How fast a thing is, `npm run bench` says.
  testTimeout: 60_000,
  // What a file of tests has loaded is not all given back: after some dozens of them a worker of five gigabytes did little but look for memory.
  workerIdleMemoryLimit: '1500MB',
  // With nothing left open a worker of a gigabyte, with the engine's own threads in it, takes more than half a second to give all that back on a
  // busy machine, and was said to have been left open. One that has something open is still told of, later.
  workerGracefulExitTimeout: 10_000,
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: ['<rootDir>/{libs,activities,apps}/**/*.spec.ts', '<rootDir>/test/arch/**/*.spec.ts'],
    },
    {
      ...shared,
      displayName: 'system',
      testMatch: ['<rootDir>/test/{workflows,replay,integration,e2e,model,simulation}/**/*.spec.ts'],
      globalSetup: '<rootDir>/test/world/setup.mjs',
      globalTeardown: '<rootDir>/test/world/teardown.mjs',
    },
  ],
};
