import { refuseExisting, testPath } from './collisions.ts';
import { capital } from './names.ts';
import { addAccess, addMigration, addModule, addTag, FILES, type Project, required } from './project.ts';
import { parseResource, type Resource } from './resource.ts';
import { controller } from './templates/controller.ts';
import { createDto, listDto, outDto, updateDto } from './templates/dtos.ts';
import { entity } from './templates/entity.ts';
import { httpTest } from './templates/http-test.ts';
import { migration, migrationName } from './templates/migration.ts';
import { module } from './templates/module.ts';
import { service } from './templates/service.ts';

/** One file to write. */
export interface Change {
  readonly kind: 'create' | 'update';
  readonly path: string;
  readonly content: string;
}

/** What is asked of the generator. */
export interface ResourceOptions {
  /** In singular or plural, of one word or several: `purchase order`. */
  readonly name: string;
  /** `body:text amount:int? kind:enum(a,b)` */
  readonly fields: string;
  /** Milliseconds since 1970, for the migration's name. @default now */
  readonly now?: number;
}

/**
 * Everything that makes a new isolated resource: files to create and files to add to. Reads only; writing is the
 * caller's.
 *
 * @throws {Refusal} when the name or a field can't be, or something of that name is there
 */
export function planResource({ name, fields, now = Date.now() }: ResourceOptions, project: Project): Change[] {
  const migrations = required(project, FILES.migrations);
  const resource = parseResource(name, fields, Math.max(now, latest(migrations) + 1_000));
  refuseExisting(project, resource);
  return [...newFiles(resource), ...changedFiles(resource, project, migrations)];
}

function newFiles(resource: Resource): Change[] {
  const { names, timestamp } = resource;
  const folder = `backend/src/${names.kebabPlural}`;
  const files: [string, string][] = [
    [`${folder}/${names.kebab}.entity.ts`, entity(resource)],
    [`${folder}/${names.kebab}.dto.ts`, outDto(resource)],
    [`${folder}/create-${names.kebab}.dto.ts`, createDto(resource)],
    [`${folder}/update-${names.kebab}.dto.ts`, updateDto(resource)],
    [`${folder}/list-${names.kebabPlural}.dto.ts`, listDto(resource)],
    [`${folder}/${names.kebabPlural}.service.ts`, service(resource)],
    [`${folder}/${names.kebabPlural}.controller.ts`, controller(resource)],
    [`${folder}/${names.kebabPlural}.module.ts`, module(resource)],
    [`backend/src/database/migrations/${timestamp}-${names.kebabPlural}.ts`, migration(resource)],
    [testPath(names.kebabPlural), httpTest(resource)],
  ];
  return files.map(([path, content]) => ({ kind: 'create', path, content }));
}

function changedFiles(resource: Resource, project: Project, migrations: string): Change[] {
  const { names, timestamp } = resource;
  const collection = `/api/${names.kebabPlural}`;
  const files: [string, string][] = [
    [
      FILES.module,
      addModule(
        required(project, FILES.module),
        `${names.pascalPlural}Module`,
        `./${names.kebabPlural}/${names.kebabPlural}.module.ts`,
      ),
    ],
    [FILES.migrations, addMigration(migrations, migrationName(resource), `./${timestamp}-${names.kebabPlural}.ts`)],
    [
      FILES.document,
      addTag(
        required(project, FILES.document),
        capital(names.titlePlural),
        `The signed-in user's ${names.titlePlural}.`,
      ),
    ],
    [
      FILES.access,
      addAccess(required(project, FILES.access), [
        ['GET', collection],
        ['POST', collection],
        ['GET', `${collection}/{id}`],
        ['PATCH', `${collection}/{id}`],
        ['DELETE', `${collection}/{id}`],
      ]),
    ],
  ];
  return files.map(([path, content]) => ({ kind: 'update', path, content }));
}

/** The time of the newest migration: the new one must come after it. */
function latest(migrations: string): number {
  return Math.max(0, ...Array.from(migrations.matchAll(/\.\/(\d{13})-/g), ([, time]) => Number(time)));
}
