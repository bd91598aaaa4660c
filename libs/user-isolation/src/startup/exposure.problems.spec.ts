import { exposureProblem } from './exposure.problems.ts';
import type { Exposure } from './exposures.ts';

it.each<[kind: Exposure['kind'], cause: string, fix: string]>([
  [
    'view',
    'The view odd.thing shows everybody\'s rows of "note"',
    'alter view odd.thing set (security_invoker = true)',
  ],
  [
    'materialized view',
    'The materialized view odd.thing holds everybody\'s rows of "note"',
    'Make it a view with security_invoker, or a table',
  ],
  ['linked', 'The table odd.thing refers to rows of "note"', `await ownTable(queryRunner, 'odd.thing')`],
  ['child', 'The table odd.thing holds rows of "note" (a partition', 'Let the API read "note" alone'],
  [
    'parent',
    'The table odd.thing shows the rows of "note", which inherits',
    `await ownTable(queryRunner, 'odd.thing')`,
  ],
  ['foreign table', 'The foreign table odd.thing has owners', 'Read it by a table of this database'],
  [
    'function',
    'The function odd.thing reads "note" with the rights of its owner',
    'alter function odd.thing security invoker',
  ],
])(
  'a %s is named with its cause, its fix, the REVOKE that hides it and the option that allows it',
  (kind, cause, fix) => {
    const problem = exposureProblem({ kind, name: 'odd.thing', plainName: 'thing', table: 'note' }, 'the api');
    for (const part of [
      cause,
      fix,
      `revoke all on ${kind === 'function' ? 'function ' : ''}odd.thing from public, "the api".`,
      `knownObjects: ['thing']`,
    ]) {
      expect(problem).toContain(part);
    }
  },
);
