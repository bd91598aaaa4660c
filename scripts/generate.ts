/**
 * Writes a new isolated resource: entity, migration with policies, DTOs, service, controller, module, tests.
 *
 *   npm run generate -- resource "purchase order" --fields "body:text amount:int? due:timestamptz? kind:enum(a,b)"
 *   npm run generate -- resource "purchase order" --fields "…" --dry-run    says what it would write
 *
 * Also registers the module and the migration, and regenerates the OpenAPI document and the typed client.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Change, planResource, type Project, Refusal } from '../libs/schematics/src/index.ts';
import { runAsProgram } from './program.ts';
import { ROOT } from './root.ts';
import { Supervisor } from './supervisor.ts';

const USAGE =
  'npm run generate -- resource "purchase order" ' +
  '--fields "body:text amount:int? due:timestamptz? kind:enum(a,b)" [--dry-run]';

/** What a command line asks for. */
export interface GenerateOptions {
  readonly name: string;
  readonly fields: string;
  readonly dryRun: boolean;
}

/**
 * Reads the command line.
 * @param environment tells what npm kept for itself: flags before `--` become `npm_config_*` and never arrive here
 * @throws {Refusal} naming the command that would have been right
 */
export function readArguments(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): GenerateOptions {
  const swallowed = ['fields', 'dry_run'].filter(
    (flag) => (environment[`npm_config_${flag}`] ?? '') !== '' && environment[`npm_config_${flag}`] !== 'false',
  );
  if (swallowed.length > 0) {
    const flags = swallowed.map((flag) => `--${flag.replace('_', '-')}`).join(' and ');
    throw new Refusal(
      `npm kept ${flags} for itself, nothing was written. Put -- before the generator's arguments:\n\n  ${USAGE}`,
    );
  }
  const { values, positionals } = parse(args);
  const [schematic, name, ...rest] = positionals;
  if (schematic !== 'resource' || name === undefined) throw new Refusal(`Say what to generate:\n\n  ${USAGE}`);
  if (rest.length > 0)
    throw new Refusal(
      `"${rest.join(' ')}" is left over: put a name of several words, and the fields, in quotes:\n\n  ${USAGE}`,
    );
  if (values.fields === undefined) throw new Refusal(`Say which fields ${name} has:\n\n  ${USAGE}`);
  return { name, fields: values.fields, dryRun: values['dry-run'] === true };
}

function parse(args: readonly string[]): { values: { fields?: string; 'dry-run'?: boolean }; positionals: string[] } {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { fields: { type: 'string' }, 'dry-run': { type: 'boolean' } },
    });
  } catch (error) {
    throw new Refusal(`${error instanceof Error ? error.message : String(error)}\n\n  ${USAGE}`);
  }
}

/** The project on disk. */
export function projectAt(root: string): Project {
  const list = (folder: string): string[] => {
    const path = join(root, folder);
    if (!existsSync(path)) return [];
    return readdirSync(path)
      .toSorted()
      .flatMap((entry) =>
        statSync(join(path, entry)).isDirectory() ? list(`${folder}/${entry}`) : [`${folder}/${entry}`],
      );
  };
  return {
    list,
    read: (path) => (existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : undefined),
  };
}

function write(root: string, changes: readonly Change[]): void {
  for (const { path, content } of changes) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
}

runAsProgram(import.meta.url, async () => {
  const { dryRun, ...options } = readArguments(process.argv.slice(2), process.env);
  const changes = planResource(options, projectAt(ROOT));
  console.log(changes.map(({ kind, path }) => `${kind.toUpperCase()} ${path}`).join('\n'));
  if (dryRun) {
    console.log('\nNothing was written (--dry-run).');
    return;
  }
  write(ROOT, changes);
  const supervisor = new Supervisor();
  // A template can't know how long a resource's name is.
  const written = changes.map(({ path }) => path).filter((path) => path.endsWith('.ts'));
  await supervisor.runNode('format', ['node_modules/prettier/bin/prettier.cjs', '--write', ...written], {
    env: process.env,
  });
  await supervisor.runNode(
    'regenerate the OpenAPI document and the client',
    ['--import', 'tsx', 'scripts/openapi.ts'],
    { env: process.env },
  );
  console.log('\nThe resource is there. Next: npm test, then npm start, which runs the migration.');
});
