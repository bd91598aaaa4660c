import { createIsolatedDataSource, createPlainIsolatedDataSource } from '../src/index.ts';

declare global {
  /** Set by the jest project that runs these suites the plain way. */
  var isolationWay: 'plain' | undefined;
}

/** The data source of the way this run tests. */
export const createDataSource =
  globalThis.isolationWay === 'plain' ? createPlainIsolatedDataSource : createIsolatedDataSource;
