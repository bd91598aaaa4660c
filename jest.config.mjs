// Nest 12, better-auth and most of what we test are ESM-only. Everything is transformed to CommonJS by swc,
// which keeps Jest's module registry and decorators' metadata working without experimental flags.
const swc = [
  '@swc/jest',
  {
    jsc: {
      target: 'es2022',
      parser: { syntax: 'typescript', tsx: true, decorators: true, dynamicImport: true },
      transform: { legacyDecorator: true, decoratorMetadata: true },
      keepClassNames: true,
    },
    module: { type: 'commonjs' },
  },
];

const shared = {
  testEnvironment: 'node',
  transform: { '^.+\\.(t|j|mj|cj)sx?$': swc },
  transformIgnorePatterns: [],
  extensionsToTreatAsEsm: [],
  moduleFileExtensions: ['ts', 'tsx', 'mts', 'js', 'mjs', 'cjs', 'json', 'node'],
  moduleNameMapper: {
    '^@session-guard/core$': '<rootDir>/libs/core/src/index.ts',
    '^@session-guard/auth$': '<rootDir>/libs/session-auth/src/index.ts',
    '^@session-guard/auth/(graphql|websockets|openapi|testing)$': '<rootDir>/libs/session-auth/src/$1/index.ts',
    '^@session-guard/isolation$': '<rootDir>/libs/user-isolation/src/index.ts',
    '^@session-guard/isolation/testing$': '<rootDir>/libs/user-isolation/src/testing/index.ts',
    '^@session-guard/api-client$': '<rootDir>/libs/api-client/src/index.ts',
    '^(\\.{1,2}/.*)\\.js$': ['$1.js', '$1'],
  },
  resolver: '<rootDir>/test/jest-resolver.cjs',
  modulePathIgnorePatterns: ['<rootDir>/.*/dist/', '<rootDir>/frontend/.next/', '<rootDir>/.data/'],
};

/** `*.spec.ts` beside the source are unit tests; `*.test.ts` need the PostgreSQL server the run starts. */
export default {
  // A bound for what hangs, not a measure: machines that build and test at once are slow.
  testTimeout: 120_000,
  maxWorkers: 2,
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: ['<rootDir>/{backend,libs,scripts,test,e2e,frontend}/**/*.spec.{ts,tsx}'],
    },
    {
      ...shared,
      displayName: 'http',
      // Here rather than for every project: unit tests need no server and start at once.
      globalSetup: '<rootDir>/test/global-setup.ts',
      globalTeardown: '<rootDir>/test/global-teardown.ts',
      testMatch: ['<rootDir>/{backend,libs,scripts,test}/**/*.test.ts'],
    },
    {
      ...shared,
      // The suites of isolation once more, without its fast ways.
      displayName: 'plain isolation',
      globals: { isolationWay: 'plain' },
      globalSetup: '<rootDir>/test/global-setup.ts',
      globalTeardown: '<rootDir>/test/global-teardown.ts',
      testMatch: [
        '<rootDir>/libs/user-isolation/test/' +
          '{careless-module,gateway,http-scope,interleaved,limits,owner-ids,relations,replicas,' +
          'result-cache,session-state,transactions}.test.ts',
      ],
    },
  ],
};
