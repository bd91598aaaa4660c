/**
 * Computes the table of docs/deploy/sizing.md from what `npm run bench` measured:
 *
 *   node --import tsx bench/sizing.ts                  from bench/results.md
 *   node --import tsx bench/sizing.ts my-results.md    from another file of that form
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runAsProgram } from '../scripts/program.ts';
import { ROOT } from '../scripts/root.ts';

const GUIDE = join(ROOT, 'docs/deploy/sizing.md');
const BETWEEN = /(<!-- computed [^>]*-->\n)[\s\S]*?(<!-- end -->)/;
const LOADS = [100, 10_000, 1_000_000];
/** Cores of the machine the results are from. */
const CORES = 2;
const USE = 0.6;

/** One line of a results table. */
interface Cost {
  /** Requests a second. */
  readonly perSecond: number;
  /** Microseconds of the API's process for a request. */
  readonly cpu: number;
}

/** The line of `name` in the section that begins with `heading`. @throws Error when the results have none */
export function costOf(results: string, heading: string, name: string): Cost {
  const section = results.split('\n## ').find((part) => part.startsWith(heading)) ?? '';
  const [head = [], ...rows] = section
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  const row = rows.find(([first]) => first === name);
  const number = (column: string): number => Number((row?.[head.indexOf(column)] ?? '').replaceAll(',', ''));
  const cost = { perSecond: number('requests/s'), cpu: number('CPU µs/request') };
  if (!(cost.perSecond > 0 && cost.cpu > 0))
    throw new Error(`bench/results.md has no line "${name}" under "${heading}". Run npm run bench first.`);
  return cost;
}

/** Processes, cores and databases for each load, as a Markdown table. */
export function sizingTable(results: string): string {
  const kinds = [
    ['`GET /api/me`, remembered', costOf(results, '`GET /me`', 'Session Guard, bearer')],
    ['20 tasks', costOf(results, 'A list of twenty rows', 'Session Guard, bearer')],
  ] as const;
  const round = (value: number): string => Math.max(1, Math.ceil(value)).toLocaleString('en');
  const costs = kinds.map(([name, { perSecond, cpu }]) => {
    const rest = (CORES * 1_000_000) / perSecond - cpu;
    const rate = Math.round(perSecond).toLocaleString('en');
    return {
      name,
      cpu,
      rest,
      line: `| ${name} | ${rate} | ${Math.round(cpu)} µs | ${Math.round(rest)} µs |`,
    };
  });
  const loads = LOADS.map((load) => {
    const cells = costs.flatMap(({ cpu, rest }, index) => [
      round((load * cpu) / 1_000_000 / USE),
      ...(index === 1 ? [round((load * rest) / 1_000_000 / USE)] : []),
    ]);
    return `| ${load.toLocaleString('en')} | ${cells.join(' | ')} |`;
  });
  return [
    '| request | requests measured, all on two cores | processor of the API | everything else, at most |',
    '|---|---:|---:|---:|',
    ...costs.map(({ line }) => line),
    '',
    '| requests a second | API processes, all remembered and without SQL | API processes, all reading 20 tasks ' +
      '| cores of PostgreSQL for those, at most |',
    '|---:|---:|---:|---:|',
    ...loads,
    '',
  ].join('\n');
}

runAsProgram(import.meta.url, async () => {
  const guide = readFileSync(GUIDE, 'utf8');
  writeFileSync(
    GUIDE,
    guide.replace(
      BETWEEN,
      (_all, start: string, end: string) =>
        `${start}\n${sizingTable(readFileSync(process.argv[2] ?? join(ROOT, 'bench/results.md'), 'utf8'))}\n${end}`,
    ),
  );
});
