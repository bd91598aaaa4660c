import type { Exposure } from './exposures.ts';

/**
 * What an exposure shows, and how it is mended.
 *
 * @param role the API's
 */
export function exposureProblem({ kind, name, plainName, table }: Exposure, role: string): string {
  const revoke = `revoke all on ${kind === 'function' ? `function ${name}` : name} from public, "${role}"`;
  const known =
    'Where it is meant to show rows of several users: IsolationModule.forRoot({ knownObjects: ' +
    `['${plainName}'] }).`;
  const [cause, fix] = EXPLANATIONS[kind](name, table);
  return `${cause} ${fix} Or: ${revoke}. ${known}`;
}

const EXPLANATIONS: Record<Exposure['kind'], (name: string, table: string) => readonly [cause: string, fix: string]> = {
  view: (name, table) => [
    `The view ${name} shows everybody's rows of "${table}": it reads them with its owner's rights, and no policy ` +
      'holds for its owner.',
    `Let it read with the rights of who asks: alter view ${name} set (security_invoker = true).`,
  ],
  'materialized view': (name, table) => [
    `The materialized view ${name} holds everybody's rows of "${table}": it was filled by its owner, and no policy ` +
      'can be put on it.',
    'Make it a view with security_invoker, or a table: ownTable in a migration.',
  ],
  linked: (name, table) => [
    `The table ${name} refers to rows of "${table}", and no forced row level security keeps its own rows to their ` +
      'users.',
    `In a migration: await ownTable(queryRunner, '${name}').`,
  ],
  child: (name, table) => [
    `The table ${name} holds rows of "${table}" (a partition, or a child by inheritance): read by its own name, ` +
      `the policy of "${table}" doesn't hold.`,
    `Let the API read "${table}" alone.`,
  ],
  parent: (name, table) => [
    `The table ${name} shows the rows of "${table}", which inherits from it or is a partition: read by that name, ` +
      `the policy of "${table}" doesn't hold.`,
    `In a migration: await ownTable(queryRunner, '${name}').`,
  ],
  'foreign table': (name) => [
    `The foreign table ${name} has owners, and PostgreSQL puts no policy on foreign tables.`,
    'Read it by a table of this database that ownTable made.',
  ],
  function: (name, table) => [
    `The function ${name} reads "${table}" with the rights of its owner (security definer), for whom no policy holds.`,
    `Let it run with the rights of who calls it: alter function ${name} security invoker.`,
  ],
};
