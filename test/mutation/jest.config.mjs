import { join } from 'node:path';
import base from '../../jest.config.mjs';

const { displayName: _name, ...unit } = base.projects[0];
const { tree } = JSON.parse(process.env.MUTATION_ORDERS ?? '{}');

/** Runs worker.ts, which runs the tests, over the copy in which the code is changed. */
export default {
  ...unit,
  rootDir: tree,
  maxWorkers: 1,
  testMatch: [join(tree ?? '', 'test/mutation/worker.ts')],
};
