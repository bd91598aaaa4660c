import { fileURLToPath } from 'node:url';
import root from '../../jest.config.mjs';

const rootDir = fileURLToPath(new URL('../..', import.meta.url));
const http = root.projects.find(({ displayName }) => displayName === 'http');

/**
 * Checks of the product as it is operated: several processes, a balancer, a pooler, a replica, rotations, failovers.
 * One after the other: they measure times, and share the machine with what they measure.
 */
export default {
  rootDir,
  // Ample: on a machine that does other things as well, a start takes ten times as long.
  testTimeout: 240_000,
  maxWorkers: 1,
  projects: [
    {
      ...http,
      displayName: 'operations',
      rootDir,
      globalSetup: '<rootDir>/test/operations/global-setup.ts',
      testMatch: ['<rootDir>/test/operations/**/*.check.ts'],
    },
  ],
};
