import {
  Column,
  DataSource,
  DeleteDateColumn,
  Entity,
  JoinTable,
  ManyToMany,
  ManyToOne,
  OneToMany,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  type Relation,
  Tree,
  TreeChildren,
  TreeParent,
} from 'typeorm';
import { createTestDatabase, type TestDatabase } from '../../../test/database.ts';
import { type IsolatedDataSource, OwnedEntity, ownTable } from '../src/index.ts';
import { createDataSource } from './ways.ts';

/** Reference data: everybody's. */
@Entity('genre')
export class Genre {
  @PrimaryColumn('int')
  id!: number;

  @Column('text')
  name!: string;

  @OneToMany(() => Book, (book) => book.genre)
  books!: Relation<Book[]>;
}

@Entity('shelf')
export class Shelf extends OwnedEntity {
  @PrimaryGeneratedColumn('uuid')
  readonly id!: string;

  @Column('text')
  name!: string;

  @OneToMany(() => Book, (book) => book.shelf, { cascade: true })
  books!: Relation<Book[]>;
}

@Entity('tag')
export class Tag extends OwnedEntity {
  @PrimaryGeneratedColumn('uuid')
  readonly id!: string;

  @Column('text')
  name!: string;
}

@Entity('book')
export class Book extends OwnedEntity {
  @PrimaryGeneratedColumn('uuid')
  readonly id!: string;

  @Column('text')
  title!: string;

  @Column('int')
  pages!: number;

  @DeleteDateColumn({ type: 'timestamptz' })
  deletedAt!: Date | null;

  @ManyToOne(() => Shelf, (shelf) => shelf.books, { nullable: true })
  shelf!: Relation<Shelf> | null;

  @ManyToOne(() => Genre, (genre) => genre.books, { eager: true, nullable: true })
  genre!: Relation<Genre> | null;

  @ManyToMany(() => Tag)
  @JoinTable({ name: 'book_tag' })
  tags!: Relation<Tag[]>;
}

@Entity('folder')
@Tree('materialized-path')
export class Folder extends OwnedEntity {
  @PrimaryGeneratedColumn('uuid')
  readonly id!: string;

  @Column('text')
  name!: string;

  @TreeParent()
  parent!: Relation<Folder> | null;

  @TreeChildren()
  children!: Relation<Folder[]>;
}

const TABLES = `
  create table genre (id int primary key, name text not null);
  create table shelf (id uuid primary key default gen_random_uuid(), name text not null);
  create table tag (id uuid primary key default gen_random_uuid(), name text not null);
  create table book (
    id uuid primary key default gen_random_uuid(), title text not null, pages int not null, "deletedAt" timestamptz,
    "shelfId" uuid references shelf (id) on delete cascade, "genreId" int references genre (id));
  create table book_tag ("bookId" uuid references book (id) on delete cascade,
    "tagId" uuid references tag (id) on delete cascade,
    primary key ("bookId", "tagId"));
  create table folder (id uuid primary key default gen_random_uuid(), name text not null,
    "parentId" uuid references folder (id), mpath text default '');
  grant select on genre to session_guard_api;
  insert into genre values (1, 'poetry'), (2, 'prose');
  insert into "user" (id, name, email, "emailVerified")
    values ('ada', 'Ada', 'ada@example.com', true), ('ben', 'Ben', 'ben@example.com', true);
`;

/** For each user three shelves of three books: titles and tags name whose they are. */
const ROWS = `
  insert into shelf (user_id, name) select u.id, u.id || ' shelf ' || n from "user" u, generate_series(1, 3) n;
  insert into book (user_id, title, pages, "shelfId", "genreId")
    select s.user_id, s.name || ' book ' || n, n * 100, s.id, 1 + n % 2 from shelf s, generate_series(1, 3) n;
  insert into tag (user_id, name) select id, id || ' tag' from "user";
  insert into book_tag (user_id, "bookId", "tagId") select b.user_id, b.id, t.id from book b
    join tag t on t.user_id = b.user_id;
  insert into folder (id, user_id, name, mpath) select gen_random_uuid(), id, id || ' root', '' from "user";
  update folder set mpath = id || '.';
  insert into folder (user_id, name, "parentId") select user_id, user_id || ' child ' || n, id
    from folder, generate_series(1, 2) n;
  update folder c set mpath = p.mpath || c.id || '.' from folder p where p.id = c."parentId";
`;

export const OWNED_TABLES = ['shelf', 'tag', 'book', 'book_tag', 'folder'];

/** A database of related tables of two users, `ada` and `ben`. */
export async function createLibrary(): Promise<TestDatabase> {
  const database = await createTestDatabase('better-auth');
  await asOwner(database, async (owner) => {
    const queryRunner = owner.createQueryRunner();
    await queryRunner.query(TABLES);
    for (const table of OWNED_TABLES) await ownTable(queryRunner, table);
    await queryRunner.query(ROWS);
    await queryRunner.release();
  });
  return database;
}

/** Runs `work` as the tables' owner, who is a superuser here. */
export async function asOwner<T>(database: TestDatabase, work: (owner: DataSource) => Promise<T>): Promise<T> {
  const owner = await new DataSource({ type: 'postgres', url: database.ownerUrl }).initialize();
  try {
    return await work(owner);
  } finally {
    await owner.destroy();
  }
}

/** A data source as the API has it. */
export async function connectLibrary(url: string, options: Record<string, unknown> = {}): Promise<IsolatedDataSource> {
  const dataSource = await createDataSource({
    type: 'postgres',
    url,
    entities: [Genre, Shelf, Tag, Book, Folder],
    installExtensions: false,
    extra: { max: 4 },
    ...options,
  });
  return dataSource.initialize();
}
