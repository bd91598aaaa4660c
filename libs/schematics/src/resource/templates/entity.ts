import { enumsOf, type Resource, valuesName, valueTypeName } from '../resource.ts';
import type { Field } from '../fields.ts';

const COLUMN_TYPES = {
  text: 'text',
  int: 'integer',
  number: 'double precision',
  boolean: 'boolean',
  date: 'date',
  timestamptz: 'timestamptz',
  uuid: 'uuid',
  enum: 'text',
} as const;

/** `<name>.entity.ts` */
export function entity(resource: Resource): string {
  const { names, fields } = resource;
  return `import { Column, CreateDateColumn, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { OwnedEntity } from '@session-guard/isolation';
${enumsOf(resource)
  .map(
    (field) => `
export const ${valuesName(resource, field)} = [${field.values.map((value) => `'${value}'`).join(', ')}] as const;
export type ${valueTypeName(resource, field)} = (typeof ${valuesName(resource, field)})[number];
`,
  )
  .join('')}
/** Every row belongs to one user, in the query and by row level security. */
@Entity('${names.snake}')
export class ${names.pascal}Entity extends OwnedEntity {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

${fields.map((field) => column(resource, field)).join('\n')}
  // Milliseconds: JavaScript dates would lose the microseconds, and a cursor with them.
  @CreateDateColumn({ name: 'created_at', type: 'timestamptz', precision: 3 })
  createdAt!: Date;

  // Set by the update statements themselves, with the database's clock.
  @Column({ name: 'updated_at', type: 'timestamptz', precision: 3, default: () => 'now()' })
  updatedAt!: Date;

  /** Rises by one with every change; the ETag. */
  @Column({ type: 'integer', default: 1 })
  version!: number;
}
`;
}

function column(resource: Resource, field: Field): string {
  const options = [
    ...(field.column === field.property ? [] : [`name: '${field.column}'`]),
    `type: '${COLUMN_TYPES[field.type]}'`,
    ...(field.type === 'timestamptz' ? ['precision: 3'] : []),
    ...(field.nullable ? ['nullable: true'] : []),
  ];
  return `  @Column({ ${options.join(', ')} })
  ${field.property}!: ${columnType(resource, field)}${field.nullable ? ' | null' : ''};
`;
}

function columnType(resource: Resource, field: Field): string {
  switch (field.type) {
    case 'int':
    case 'number':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'timestamptz':
      return 'Date';
    case 'enum':
      return valueTypeName(resource, field);
    case 'text':
    case 'date':
    case 'uuid':
      return 'string';
  }
}
