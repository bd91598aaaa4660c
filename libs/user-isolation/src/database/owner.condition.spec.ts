import {
  Column,
  Entity,
  ManyToOne,
  OneToMany,
  PrimaryGeneratedColumn,
  type Relation,
  type SelectQueryBuilder,
} from 'typeorm';
import { runInScope } from '../context/owner.context.ts';
import { OwnedEntity } from '../entities/owned.entity.ts';
import { NoOwnerError } from '../isolation.error.ts';
import { IsolatedDataSource } from './isolated.data-source.ts';

@Entity('genre')
class Genre {
  @PrimaryGeneratedColumn('uuid') readonly id!: string;
  @Column('text') name!: string;
  @OneToMany(() => Book, (book) => book.genre) books!: Relation<Book[]>;
}

@Entity('book')
class Book extends OwnedEntity {
  @PrimaryGeneratedColumn('uuid') readonly id!: string;
  @ManyToOne(() => Genre, (genre) => genre.books) genre!: Relation<Genre>;
}

/** Its entities are known and nothing is connected: SQL is written, and not sent. */
class WritingDataSource extends IsolatedDataSource {
  override initialize(): Promise<this> {
    return this.buildMetadatas().then(() => this);
  }
}

let source: IsolatedDataSource;
beforeAll(async () => {
  source = await new WritingDataSource({ type: 'postgres', entities: [Genre, Book] }).initialize();
});

const asAda = <T>(work: () => T): T => runInScope({ owner: () => 'ada' }, work);
const from = (sql: string): string => sql.replace(/^SELECT .*? FROM/, 'FROM');
const genres = (): SelectQueryBuilder<Genre> => source.getRepository(Genre).createQueryBuilder('g');
const books = (): SelectQueryBuilder<Book> => source.getRepository(Book).createQueryBuilder('b');

it('a joined owned table is met with its condition in the join, so that what has none stays in the result', () => {
  const sql = asAda(() => from(genres().leftJoin('g.books', 'b', 'b.id is not null').getQuery()));
  const condition = '"b"."genreId"="g"."id" AND (( "b"."id" is not null ) AND "b"."user_id" = :isolationOwner)';
  expect(sql).toBe(`FROM "genre" "g" LEFT JOIN "book" "b" ON ${condition}`);
});

it('writing a query leaves it as it was: the same again, and the code’s own condition of a join', () => {
  const query = genres().leftJoin(Book, 'b', 'b.genreId = g.id').innerJoin(Book, 'c');
  const conditions = () => query.expressionMap.joinAttributes.map(({ condition }) => condition ?? '');
  const before = conditions();
  const sql = asAda(() => query.getQuery());
  expect(conditions()).toEqual(before);
  expect(asAda(() => query.getQuery())).toBe(sql);
  expect(() => query.getQuery()).toThrow(NoOwnerError);
  expect(conditions()).toEqual(before);
});

it('a second table of the same query has its condition too, a subquery has it inside', () => {
  const both = asAda(() => genres().addFrom(Book, 'b').where('g.name = b.id').getQuery());
  expect(both).toContain('WHERE "b"."user_id" = :isolationOwner AND ( "g"."name" = "b"."id" )');
  const joined = asAda(() =>
    genres()
      .leftJoin((query) => query.select('b.id', 'id').from(Book, 'b'), 's', 's.id = g.name')
      .getQuery(),
  );
  expect(joined).toContain('FROM "book" "b" WHERE "b"."user_id" = :isolationOwner');
  expect(joined).not.toContain('"s"."user_id"');
});

it('the code’s own conditions can’t loosen it', () => {
  const sql = asAda(() => from(books().where('b.id = :id').orWhere('1 = 1').getQuery()));
  expect(sql).toBe('FROM "book" "b" WHERE "b"."user_id" = :isolationOwner AND ( "b"."id" = :id OR 1 = 1 )');
});

it('what changes rows is met under the column’s bare name', () => {
  expect(
    asAda(() =>
      books()
        .update()
        .set({ genre: null as never })
        .getQuery(),
    ),
  ).toMatch(/ WHERE "user_id" = :isolationOwner$/);
  expect(asAda(() => books().delete().where('id = :id').getQuery())).toMatch(
    / WHERE "user_id" = :isolationOwner AND \( "?id"? = :id \)$/,
  );
});

it('without a user plain tables are read and written as ever, and owned ones not at all', () => {
  expect(genres().getQuery()).not.toContain('isolationOwner');
  expect(genres().insert().values({ name: 'prose' }).getQuery()).toMatch(/^INSERT INTO "genre"/);
  for (const query of [
    books(),
    books().insert().values({}),
    books()
      .update()
      .set({ genre: null as never }),
    books().delete(),
    genres().leftJoin('g.books', 'b'),
  ]) {
    expect(() => query.getQuery()).toThrow(NoOwnerError);
  }
});
