import type { MutantResult } from '@stryker-mutator/api/core';

/** How many of a file's mutants a test noticed. */
export interface Score {
  readonly file: string;
  readonly noticed: number;
  readonly all: number;
}

const NOTICED = new Set(['Killed', 'Timeout']);
/** A mutant that doesn't load, or that the runner left out, says nothing of the tests. */
const COUNTED = new Set([...NOTICED, 'Survived', 'NoCoverage']);

/** The scores of each file, the worst first. */
export function scoresByFile(results: readonly MutantResult[]): Score[] {
  const files = new Map<string, Score>();
  for (const { fileName, status } of results) {
    if (!COUNTED.has(status)) continue;
    const { noticed, all } = files.get(fileName) ?? { noticed: 0, all: 0 };
    files.set(fileName, { file: fileName, noticed: noticed + (NOTICED.has(status) ? 1 : 0), all: all + 1 });
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

/** Noticed mutants in percent; 100 where there are none. */
export function percent({ noticed, all }: Score): number {
  return all === 0 ? 100 : (noticed / all) * 100;
}

/** `file:line:column  mutator → replacement`, for every mutant that no test noticed. */
export function survivors(results: readonly MutantResult[]): string[] {
  return results
    .filter(({ status }) => status === 'Survived' || status === 'NoCoverage')
    .map(({ fileName, location: { start }, mutatorName, replacement, status }) => {
      const change = (replacement ?? '').replaceAll(/\s+/g, ' ').slice(0, 80);
      const uncovered = status === 'NoCoverage' ? ' (no test runs this line)' : '';
      return `${fileName}:${start.line}:${start.column}  ${mutatorName} → ${change}${uncovered}`;
    })
    .sort();
}
