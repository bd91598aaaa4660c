import base from '../../jest.config.mjs';

const { displayName: _name, ...unit } = base.projects[0];

/**
 * The tests of one area, named by MUTATION_TESTS as a JSON array of globs. The runner (main.ts) starts one PostgreSQL
 * for all of them and names it by TEST_POSTGRES_URL.
 */
export default {
  ...unit,
  rootDir: process.cwd(),
  maxWorkers: 1,
  testTimeout: 60_000,
  testMatch: JSON.parse(process.env.MUTATION_TESTS ?? '[]').map((glob) => `<rootDir>/${glob}`),
};
