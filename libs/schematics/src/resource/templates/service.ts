import { enumsOf, type Resource } from '../resource.ts';

/** `<names>.service.ts` */
export function service(resource: Resource): string {
  const { names } = resource;
  const enums = enumsOf(resource);
  const repository = `this.${names.camelPlural}`;
  const row = names.camel;
  const parameter = `private readonly ${names.camelPlural}: OwnedRepository<${names.pascal}Entity>`;
  const filters = enums.map(
    ({ property }) =>
      `    if (query.${property} !== undefined)
      builder.andWhere('${row}.${property} = :${property}Filter', { ${property}Filter: query.${property} });
`,
  );
  return `import { Inject, Injectable } from '@nestjs/common';
import { InjectOwnedRepository, Isolation, OwnedRepository } from '@session-guard/isolation';
import { allowedVersions, staleProblem, type EntityTags } from '../http/caching/entity-tag.ts';
import { notFoundProblem } from '../http/errors/problem.exception.ts';
import { CursorCodec, filtersOf } from '../paging/cursor.ts';
import { PAGE_LIMIT } from '../paging/page.dto.ts';
import type { Create${names.pascal}Dto } from './create-${names.kebab}.dto.ts';
import type { List${names.pascalPlural}Query } from './list-${names.kebabPlural}.dto.ts';
import { ${names.pascal}Entity } from './${names.kebab}.entity.ts';
import type { Update${names.pascal}Dto } from './update-${names.kebab}.dto.ts';

/** One page, and where the next begins. */
export interface ${names.pascal}Page {
  readonly ${names.camelPlural}: ${names.pascal}Entity[];
  readonly nextCursor: string | null;
  readonly limit: number;
}

/** The current user's ${names.titlePlural}. The repository adds the user to every query: nothing here names one. */
@Injectable()
export class ${names.pascalPlural}Service {
  constructor(
    @InjectOwnedRepository(${names.pascal}Entity) ${parameter},
    @Inject(Isolation) private readonly isolation: Isolation,
    @Inject(CursorCodec) private readonly cursors: CursorCodec,
  ) {}

  /**
   * The newest first.
   *
   * @throws {ProblemException} 400 when the cursor belongs to another user or query
   */
  async list(query: List${names.pascalPlural}Query): Promise<${names.pascal}Page> {
    const limit = query.limit ?? PAGE_LIMIT;
    const scope = [this.isolation.userId, '${names.snake}', ...filtersOf(query)];
    // One row more than the limit tells whether there is another page.
    const builder = ${repository}.createQueryBuilder('${row}')
      .orderBy('${row}.createdAt', 'DESC').addOrderBy('${row}.id', 'DESC').limit(limit + 1);
${filters.join('')}    if (query.cursor !== undefined) {
      builder.andWhere('(${row}.createdAt, ${row}.id) < (:value::timestamptz, :id::uuid)',
        { ...this.cursors.decode(query.cursor, scope) });
    }
    const found = await ${repository}.readMany(builder);
    const page = found.slice(0, limit);
    const last = page.at(-1);
    const nextCursor = found.length > limit && last
      ? this.cursors.encode({ value: last.createdAt.toISOString(), id: last.id }, scope) : null;
    return { ${names.camelPlural}: page, nextCursor, limit };
  }

  /** @throws {ProblemException} 404 when the user has no such ${names.title} */
  async get(id: string): Promise<${names.pascal}Entity> {
    const found = await ${repository}.createQueryBuilder('${row}').where('${row}.id = :id', { id }).getOne();
    if (!found) throw notFoundProblem();
    return found;
  }

  async create(values: Create${names.pascal}Dto): Promise<${names.pascal}Entity> {
    const result = await ${repository}.createQueryBuilder('${row}')
      .insert().values(toColumns(values)).returning('*').execute();
    const row = firstRow(result.raw);
    if (!row) throw new Error('PostgreSQL returned no row for what it wrote');
    return ${repository}.fromRow(row);
  }

  /**
   * @param ifMatch The versions the caller knows; undefined writes over whatever is there.
   * @throws {ProblemException} 404 when the user has no such ${names.title}, 412 when its version is another one
   */
  async update(id: string, changes: Update${names.pascal}Dto, ifMatch?: EntityTags): Promise<${names.pascal}Entity> {
    const builder = ${repository}
      .createQueryBuilder('${row}')
      .update()
      .set({ ...toColumns(changes), version: () => 'version + 1', updatedAt: () => 'now()' })
      .where('id = :id', { id })
      .returning('*');
    const versions = allowedVersions(ifMatch);
    if (versions) builder.andWhere('version = any(:versions)', { versions });
    const result = await builder.execute();
    const row = firstRow(result.raw);
    if (!row) throw await this.#missingOrStale(id);
    return ${repository}.fromRow(row);
  }

  /** As {@link update}. */
  async remove(id: string, ifMatch?: EntityTags): Promise<void> {
    const builder = ${repository}.createQueryBuilder('${row}').delete().where('id = :id', { id });
    const versions = allowedVersions(ifMatch);
    if (versions) builder.andWhere('version = any(:versions)', { versions });
    const result = await builder.execute();
    if (result.affected === 0) throw await this.#missingOrStale(id);
  }

  async #missingOrStale(id: string): Promise<Error> {
    const exists = await ${repository}.createQueryBuilder('${row}').where('${row}.id = :id', { id }).getExists();
    return exists ? staleProblem() : notFoundProblem();
  }
}

function firstRow(rows: unknown): object | undefined {
  const row: unknown = Array.isArray(rows) ? rows[0] : undefined;
  return typeof row === 'object' && row !== null ? row : undefined;
}
${toColumns(resource)}`;
}

/** The function that maps a request's body to columns: a plain object, with dates parsed from their text in JSON. */
function toColumns({ names, fields }: Resource): string {
  const dates = fields.filter(({ type }) => type === 'timestamptz');
  const rest = dates.some(({ property }) => property === 'values') ? 'others' : 'values';
  const taken = [...dates.map(({ property }) => property), `...${rest}`].join(', ');
  const given = dates
    .map(
      ({ property, nullable }) =>
        `...(${property} !== undefined && ` +
        `{ ${property}: ${nullable ? `${property} === null ? null : ` : ''}new Date(${property}) })`,
    )
    .join(', ');
  return `
function toColumns({ ${taken} }: Create${names.pascal}Dto | Update${names.pascal}Dto) {
  return ${given === '' ? rest : `{ ...${rest}, ${given} }`};
}
`;
}
