import type { Cell } from './contenders.ts';
import type { Sample } from './measure.ts';
import { median, spread } from './statistics.ts';
import type { Target } from './targets.ts';

type Samples = ReadonlyMap<Cell, readonly Sample[]>;

/** How often `what` goes into `than`'s time: by requests a second, and by processor time of the contender. */
export interface Ratio {
  readonly perSecond: number;
  readonly cpu: number;
}

/** The median of the rounds' ratios: both were measured within seconds of each other, whatever else went on. */
export function ratio(samples: Samples, what: string, than: string): Ratio {
  const [over, under] = [find(samples, what), find(samples, than)];
  return {
    perSecond: median(over.map((sample, round) => sample.perSecond / (under[round]?.perSecond ?? Number.NaN))),
    cpu: median(over.map((sample, round) => (under[round]?.cpu ?? Number.NaN) / sample.cpu)),
  };
}

/** Medians of every cell, and its ratio to one of them, as a Markdown table. */
export function table(samples: Samples, reference: string): string {
  const rows = [...samples].map(([{ name }, taken]) => {
    const { perSecond, cpu } = ratio(samples, name, reference);
    const middle = (value: (sample: Sample) => number): number => median(taken.map(value));
    return [
      name,
      Math.round(middle((sample) => sample.perSecond)).toLocaleString('en'),
      `±${Math.round(spread(taken.map((sample) => sample.perSecond)) * 50)} %`,
      number(middle((sample) => sample.p50)),
      number(middle((sample) => sample.p99)),
      String(Math.round(middle((sample) => sample.cpu))),
      number(perSecond),
      number(cpu),
    ];
  });
  return markdown(
    ['what', 'requests/s', 'rounds', 'p50 ms', 'p99 ms', 'CPU µs/request', 'ratio by requests/s', 'ratio by CPU'],
    rows,
  );
}

/** Every promise and what became of it. */
export function targetTable(targets: readonly Target[], routes: Readonly<Record<Target['route'], Samples>>): string {
  const rows = targets.map(({ route, what, than, least }) => {
    const { perSecond, cpu } = ratio(routes[route], what, than);
    return [
      `${route === 'me' ? 'GET /me' : 'list of 20'}: ${what} to ${than}`,
      `≥ ${least}`,
      number(perSecond),
      number(cpu),
      perSecond >= least ? 'yes' : 'no',
    ];
  });
  return markdown(['ratio', 'promised', 'by requests/s', 'by CPU', 'kept'], rows);
}

export function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, column) => (column === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}

function number(value: number): string {
  return value >= 100 ? String(Math.round(value)) : value.toPrecision(3);
}

function find(samples: Samples, name: string): readonly Sample[] {
  for (const [cell, taken] of samples) if (cell.name === name) return taken;
  throw new Error(`'${name}' was not measured.`);
}
