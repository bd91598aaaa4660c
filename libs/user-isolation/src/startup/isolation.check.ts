import { identifier } from '@session-guard/core';
import type { DataSource, EntityMetadata } from 'typeorm';
import { IsolatedDataSource } from '../database/isolated.data-source.ts';
import { isOwnedMetadata } from '../entities/owned.decorator.ts';
import { OWNER_COLUMN, OWNER_SETTING } from '../isolation.constants.ts';
import { IsolationCheckError } from '../isolation.error.ts';
import { policyName } from '../migration/own-table.ts';
import { type RoleFacts, readRole, readTable, type TableFacts } from './catalog.ts';
import { exposureProblem } from './exposure.problems.ts';
import { readExposures } from './exposures.ts';

/**
 * `(user_id = ( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text) AS …))`, as PostgreSQL prints it.
 */
const OWNER_POLICY = new RegExp(
  String.raw`^\(${OWNER_COLUMN} = \( SELECT \(?(?:NULLIF\()?` +
    String.raw`current_setting\('${OWNER_SETTING.replace('.', String.raw`\.`)}'::text, true\)` +
    String.raw`(?:, ''::text\))?(?:\)::uuid)? AS (?:\w+|"nullif")\)\)$`,
);

/** What is shared between users on purpose. */
export interface KnownExceptions {
  /** Names of further policies that share rows. */
  readonly policies?: readonly string[] | undefined;
  /** Names of views, tables and functions that show rows of several users. */
  readonly objects?: readonly string[] | undefined;
}

/**
 * Looks in the database for anything that would let rows leak past their owner: the role, the tables of owned entities
 * and those that link them to others, and what else the role may reach that shows their rows.
 *
 * @throws {IsolationCheckError} listing every problem with its fix
 */
export async function checkIsolation(
  dataSource: DataSource,
  known: KnownExceptions | readonly string[] = {},
): Promise<void> {
  if (!(dataSource instanceof IsolatedDataSource)) {
    throw new IsolationCheckError([
      'The DataSource does not carry the user to PostgreSQL. Give TypeOrmModule.forRootAsync `dataSourceFactory: ' +
        'createIsolatedDataSource`.',
    ]);
  }
  const { policies = [], objects = [] }: KnownExceptions = isList(known) ? { policies: known } : known;
  const role = await readRole(dataSource);
  const problems = roleProblems(role);
  const tables = ownedTables(dataSource.entityMetadatas);
  for (const table of tables) {
    problems.push(...tableProblems(table, await readTable(dataSource, table.tablePath), policies));
  }
  const exposures = await readExposures(
    dataSource,
    tables.map(({ tablePath }) => tablePath.split('.').map(identifier).join('.')),
  );
  problems.push(
    ...exposures
      .filter(({ plainName }) => !objects.includes(plainName))
      .map((exposure) => exposureProblem(exposure, role.name)),
  );
  if (problems.length > 0) throw new IsolationCheckError(problems);
}

function isList(known: KnownExceptions | readonly string[]): known is readonly string[] {
  return Array.isArray(known);
}

/** The tables of owned entities, of their trees, and of their many-to-many relations from either side. */
function ownedTables(entities: readonly EntityMetadata[]): EntityMetadata[] {
  const links = entities.flatMap(({ relations }) =>
    relations
      .filter(
        ({ entityMetadata, inverseEntityMetadata }) =>
          isOwnedMetadata(entityMetadata) || isOwnedMetadata(inverseEntityMetadata),
      )
      .flatMap(({ junctionEntityMetadata }) => junctionEntityMetadata ?? []),
  );
  const owned = entities.filter((entity) => isOwnedMetadata(entity) && entity.tableType !== 'view');
  const trees = owned
    .filter(({ treeType }) => treeType === 'closure-table')
    .map(({ closureJunctionTable }) => closureJunctionTable);
  return [...new Set([...owned, ...trees, ...links])];
}

const RESTRICTED =
  'Connect as a role that is neither superuser nor BYPASSRLS nor the owner of the tables: leave API_DATABASE_URL ' +
  'unset and run the migrations, which create one, or set it to such a role (create role session_guard_api login ' +
  'nosuperuser nobypassrls).';

function roleProblems(role: RoleFacts): string[] {
  const problems: string[] = [];
  if (role.superuser) problems.push(`The role "${role.name}" is a superuser, no policy holds for it. ${RESTRICTED}`);
  if (role.bypass) problems.push(`The role "${role.name}" has BYPASSRLS, no policy holds for it. ${RESTRICTED}`);
  if (role.preset) {
    problems.push(
      `Connections of "${role.name}" start with ${OWNER_SETTING} already set, every query without a user would be ` +
        `that user's. Remove it: alter role "${role.name}" reset ${OWNER_SETTING}; the database or the connection ` +
        'string may set it too.',
    );
  }
  return problems;
}

function tableProblems(entity: EntityMetadata, table: TableFacts | undefined, known: readonly string[]): string[] {
  const name = entity.tableName;
  const fix = `In a migration: await ownTable(queryRunner, '${name}').`;
  if (table === undefined) return [`${entity.name}: the table "${name}" does not exist. Run the migrations.`];
  const problems: string[] = [];
  if (table.ownedByRole)
    problems.push(
      `${entity.name}: the API's role owns "${name}" or may act as its owner, it could drop the policy. ${RESTRICTED}`,
    );
  if (!table.enabled || !table.forced)
    problems.push(`${entity.name}: row level security of "${name}" is not enabled and forced. ${fix}`);
  if (!table.ownerColumn)
    problems.push(`${entity.name}: "${name}" has no column ${OWNER_COLUMN} that is not null. ${fix}`);
  if (!table.indexed)
    problems.push(
      `${entity.name}: no index of "${name}" leads with ${OWNER_COLUMN}, every list would read everyone's rows. ${fix}`,
    );
  if (table.truncatable)
    problems.push(`${entity.name}: the API's role may TRUNCATE "${name}", which no policy stops. Revoke it.`);
  return [...problems, ...policyProblems(entity, table, known, fix)];
}

function policyProblems(entity: EntityMetadata, table: TableFacts, known: readonly string[], fix: string): string[] {
  const name = entity.tableName;
  const isOwnerPolicy = ({ permissive, command, applies, using, check }: TableFacts['policies'][number]): boolean =>
    permissive &&
    command === '*' &&
    applies &&
    OWNER_POLICY.test(using) &&
    (check === null || OWNER_POLICY.test(check));
  const problems = table.policies.some(isOwnerPolicy)
    ? []
    : [`${entity.name}: "${name}" has no policy that keeps rows to their owner ("${policyName(name)}"). ${fix}`];
  for (const policy of table.policies) {
    // Permissive policies add up: one more of them can only show more rows.
    if (!policy.permissive || isOwnerPolicy(policy) || known.includes(policy.name)) continue;
    problems.push(
      `${entity.name}: the policy "${policy.name}" of "${name}" lets more than the owner in. Drop it, or, if rows ` +
        `are meant to be shared, name it in IsolationModule.forRoot({ knownPolicies: ['${policy.name}'] }).`,
    );
  }
  return problems;
}
