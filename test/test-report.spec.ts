import { jestCounts, playwrightCounts } from './test-report.ts';

describe('counts of test runners', () => {
  it('counts a jest suite that does not load as a failure', () => {
    expect(jestCounts({ numPassedTests: 7, numFailedTests: 2, numRuntimeErrorTestSuites: 1 })).toEqual({
      passed: 7,
      failed: 3,
    });
  });

  it('counts a browser test that passed only when repeated as a failure', () => {
    expect(playwrightCounts({ stats: { expected: 4, flaky: 1, unexpected: 2 }, errors: [] })).toEqual({
      passed: 4,
      failed: 3,
    });
  });

  it('counts an error outside the browser tests, such as a stack that does not start', () => {
    expect(playwrightCounts({ stats: { expected: 0, flaky: 0, unexpected: 0 }, errors: [{ message: 'x' }] })).toEqual({
      passed: 0,
      failed: 1,
    });
  });

  it('refuses a report of another shape', () => {
    expect(() => jestCounts({})).toThrow('numPassedTests');
  });
});
