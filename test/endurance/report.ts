import type { Result } from './scenario.ts';

const COLUMNS: readonly (readonly [title: string, value: (result: Result) => string])[] = [
  ['fault', ({ name }) => name],
  ['requests', ({ outcome }) => String(outcome.requests)],
  ['2xx', ({ outcome }) => String(outcome.served)],
  ['401 revoked', ({ outcome }) => String(outcome.refused)],
  ['503', ({ outcome }) => String(outcome.unavailable)],
  ['no connection', ({ outcome }) => String(outcome.unreachable)],
  ['wrong', ({ outcome }) => String(outcome.wrong.length)],
  ['slowest', ({ outcome }) => milliseconds(outcome.slowestMs)],
  ['recovery', ({ outcome }) => milliseconds(outcome.recoveryMs)],
  ['writes', ({ outcome }) => String(outcome.acknowledged)],
  ['lost', ({ outcome }) => String(outcome.lost)],
  ['revoked', ({ outcome }) => String(outcome.revoked)],
  ['latest served', ({ outcome }) => milliseconds(outcome.latestServedMs)],
];

/** One line a fault. */
export function table(results: readonly Result[]): string {
  const rows = [COLUMNS.map(([title]) => title), ...results.map((result) => COLUMNS.map(([, value]) => value(result)))];
  const widths = COLUMNS.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('  '),
    )
    .join('\n');
}

/** What went wrong in one scenario, the same finding counted rather than repeated. */
export function findings({ name, outcome }: Result): string {
  const counted = new Map<string, number>();
  for (const finding of outcome.wrong) {
    // Numbers and ids apart, most findings of a fault are one.
    const kind = finding.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, ':id').replaceAll(/\d+ ms/g, '… ms');
    counted.set(kind, (counted.get(kind) ?? 0) + 1);
  }
  const lines = [...counted].map(([kind, count]) => `    ${count} × ${kind}`);
  if (outcome.lost > 0) lines.push(`    ${outcome.lost} acknowledged writes were lost`);
  if (outcome.acknowledged === 0) lines.push('    not one write was acknowledged: the load did not run');
  if (outcome.revoked === 0) lines.push('    not one session was revoked: the load did not run');
  return `  ${name}\n${lines.slice(0, 12).join('\n')}`;
}

function milliseconds(value: number): string {
  return value === 0 ? '–' : `${Math.round(value)} ms`;
}
