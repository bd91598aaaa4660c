import { z } from 'zod';

/** How many tests a runner ran. */
export interface Counts {
  passed: number;
  failed: number;
}

const jestReport = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numRuntimeErrorTestSuites: z.number(),
});

/** Counts from `jest --json`. A suite that could not be loaded counts as one failure. */
export function jestCounts(report: unknown): Counts {
  const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = jestReport.parse(report);
  return { passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites };
}

const playwrightReport = z.object({
  stats: z.object({ expected: z.number(), flaky: z.number(), unexpected: z.number() }),
  errors: z.array(z.unknown()).default([]),
});

/** Counts from Playwright's JSON reporter. One that passed only when repeated counts as failed. */
export function playwrightCounts(report: unknown): Counts {
  const { stats, errors } = playwrightReport.parse(report);
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky + errors.length };
}

const enduranceReport = z.object({ passed: z.number(), failed: z.number() });

/** Counts of the endurance suite: one a fault. */
export function enduranceCounts(report: unknown): Counts {
  return enduranceReport.parse(report);
}
