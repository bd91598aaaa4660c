import type { Mutant } from './tree.ts';
import type { Outcome } from './trial.ts';

/** A change, and what became of it. */
export interface Result extends Mutant {
  readonly outcome: Outcome;
}

/** How many of a file's changes a test noticed. */
export interface Score {
  readonly file: string;
  readonly noticed: number;
  readonly all: number;
}

/** The scores of each file, the worst first. */
export function scoresByFile(results: readonly Result[]): Score[] {
  const files = new Map<string, Score>();
  for (const { file, outcome } of results) {
    const { noticed, all } = files.get(file) ?? { noticed: 0, all: 0 };
    files.set(file, { file, noticed: noticed + (isNoticed(outcome) ? 1 : 0), all: all + 1 });
  }
  return [...files.values()].sort((a, b) => percent(a) - percent(b));
}

/** The score of everything together. */
export function total(scores: readonly Score[]): Score {
  return {
    file: 'All',
    noticed: scores.reduce((sum, { noticed }) => sum + noticed, 0),
    all: scores.reduce((sum, { all }) => sum + all, 0),
  };
}

/** Noticed changes in percent; 100 where there are none. */
export function percent({ noticed, all }: Score): number {
  return all === 0 ? 100 : (noticed / all) * 100;
}

/** `file:line:column  mutator → replacement`, for every change that no test noticed. */
export function survivors(results: readonly Result[]): string[] {
  return results
    .filter(({ outcome }) => !isNoticed(outcome))
    .map(({ file, line, column, mutator, replacement, outcome }) => {
      const change = replacement.replaceAll(/\s+/g, ' ').slice(0, 80);
      const uncovered = outcome === 'no test' ? ' (no test runs this line)' : '';
      return `${file}:${line}:${column}  ${mutator} → ${change}${uncovered}`;
    })
    .sort();
}

/** A loop without end is noticed by whoever waits for it. */
function isNoticed(outcome: Outcome): boolean {
  return outcome === 'noticed' || outcome === 'hanging';
}
