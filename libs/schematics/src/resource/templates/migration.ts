import type { Field } from '../fields.ts';
import type { Resource } from '../resource.ts';

/** The migration's class: TypeORM reads its time from the end of the name. */
export function migrationName({ names, timestamp }: Resource): string {
  return `${names.pascalPlural}${timestamp}`;
}

/** `<timestamp>-<names>.ts` */
export function migration(resource: Resource): string {
  const { names, fields } = resource;
  return `import { ownTable } from '@session-guard/isolation';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The ${names.titlePlural}: a table whose rows belong to one user each. */
export class ${migrationName(resource)} implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(\`
      create table "${names.snake}" (
        id uuid primary key default gen_random_uuid(),
${fields.map((field) => `        "${field.column}" ${definition(field)},`).join('\n')}
        created_at timestamptz(3) not null default now(),
        updated_at timestamptz(3) not null default now(),
        version integer not null default 1
      )\`);
    await ownTable(queryRunner, '${names.snake}', { indexColumns: ['created_at', 'id'] });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table "${names.snake}"');
  }
}
`;
}

const TYPES = {
  text: 'text',
  int: 'integer',
  number: 'double precision',
  boolean: 'boolean',
  date: 'date',
  timestamptz: 'timestamptz(3)',
  uuid: 'uuid',
  enum: 'text',
} as const;

function definition(field: Field): string {
  const notNull = field.nullable ? '' : ' not null';
  return `${TYPES[field.type]}${notNull}${check(field)}`;
}

function check({ column, type, nullable, max, values }: Field): string {
  if (type === 'text') return ` check (char_length("${column}") ${nullable ? `<= ${max}` : `between 1 and ${max}`})`;
  if (type === 'enum') return ` check ("${column}" in (${values.map((value) => `'${value}'`).join(', ')}))`;
  return '';
}
