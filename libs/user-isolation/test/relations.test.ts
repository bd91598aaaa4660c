import { In, type Repository } from 'typeorm';
import type { TestDatabase } from '../../../test/database.ts';
import { Isolation, type IsolatedDataSource, NoOwnerError } from '../src/index.ts';
import { asOwner, Book, connectLibrary, createLibrary, Folder, Genre, OWNED_TABLES, Shelf, Tag } from './library.ts';

/** What reads through relations, as teams write it. Each gives the names of the rows it reached. */
type Reading = (repositories: Repositories) => Promise<string[]>;

interface Repositories {
  readonly source: IsolatedDataSource;
  readonly shelves: Repository<Shelf>;
  readonly books: Repository<Book>;
  readonly genres: Repository<Genre>;
}

const titles = (books: readonly Book[]): string[] => books.map(({ title }) => title);
const ofShelves = (shelves: readonly Shelf[]): string[] =>
  shelves.flatMap(({ name, books }) => [name, ...titles(books)]);

const READINGS: Record<string, { read: Reading; rows: number }> = {
  'findOne with relations': {
    rows: 4,
    read: async ({ shelves }) => ofShelves([(await shelves.findOne({ where: {}, relations: { books: true } }))!]),
  },
  'findOneOrFail by an id with relations of relations': {
    rows: 4,
    read: async ({ shelves }) => {
      const [{ id }] = (await shelves.find({ take: 1 })) as [Shelf];
      return ofShelves([
        await shelves.findOneOrFail({ where: { id }, relations: { books: { tags: true, genre: true } } }),
      ]);
    },
  },
  'find with relations both ways': {
    rows: 12,
    read: async ({ shelves }) => ofShelves(await shelves.find({ relations: { books: { shelf: true, tags: true } } })),
  },
  'an eager relation of a plain table': {
    rows: 9,
    read: async ({ books }) =>
      (await books.find()).map(({ title, genre }) => `${title}${genre === null ? ' without genre' : ''}`),
  },
  'take and skip with a join': {
    rows: 8,
    read: async ({ shelves }) =>
      ofShelves(await shelves.find({ relations: { books: true }, order: { name: 'ASC' }, skip: 1, take: 2 })),
  },
  'a condition on a relation': {
    rows: 3,
    read: async ({ books }) =>
      titles(await books.find({ where: { shelf: { name: In(['ada shelf 1', 'ben shelf 1']) } } })),
  },
  'a condition on a relation of a relation': {
    rows: 9,
    read: async ({ books }) => titles(await books.find({ where: { tags: { name: In(['ada tag', 'ben tag']) } } })),
  },
  alternatives: {
    rows: 9,
    read: async ({ books }) =>
      titles(
        await books.find({
          where: [{ pages: 100 }, { pages: 200 }, { shelf: { name: 'ben shelf 1' } }, { pages: 300 }],
        }),
      ),
  },
  'order by a relation': {
    rows: 9,
    read: async ({ books }) =>
      titles(await books.find({ order: { shelf: { name: 'DESC' }, title: 'ASC' }, relations: { shelf: true } })),
  },
  'order by a relation with take': {
    rows: 4,
    read: async ({ books }) =>
      titles(await books.find({ order: { shelf: { name: 'DESC' } }, relations: { shelf: true }, take: 4 })),
  },
  'findAndCount with a join': {
    rows: 5,
    read: async ({ books }) => {
      const [found, count] = await books.findAndCount({ relations: { tags: true }, take: 5, order: { title: 'ASC' } });
      expect(count).toBe(9);
      return titles(found);
    },
  },
  'getManyAndCount of a builder with joins': {
    rows: 2,
    read: async ({ books }) => {
      const [found, count] = await books
        .createQueryBuilder('b')
        .leftJoinAndSelect('b.tags', 't')
        .orderBy('b.title')
        .skip(2)
        .take(2)
        .getManyAndCount();
      expect(count).toBe(9);
      return titles(found);
    },
  },
  loadRelationIds: {
    rows: 12,
    read: async ({ shelves }) =>
      (await shelves.find({ loadRelationIds: true })).flatMap(({ name, books }) => [
        name,
        ...(books as unknown as string[]),
      ]),
  },
  'relations by queries of their own': {
    rows: 12,
    read: async ({ shelves }) =>
      ofShelves(await shelves.find({ relations: { books: { tags: true } }, relationLoadStrategy: 'query' })),
  },
  'a builder that joins and selects': {
    rows: 12,
    read: async ({ shelves }) =>
      ofShelves(await shelves.createQueryBuilder('s').leftJoinAndSelect('s.books', 'b').getMany()),
  },
  'a builder whose conditions would let everybody in': {
    rows: 12,
    read: async ({ shelves }) =>
      ofShelves(
        await shelves
          .createQueryBuilder('s')
          .leftJoinAndSelect('s.books', 'b', '1 = 1 or 2 = 2')
          .where('1 = 1')
          .orWhere('2 = 2')
          .getMany(),
      ),
  },
  'a plain entity that joins owned rows': {
    rows: 9,
    read: async ({ genres }) =>
      titles((await genres.find({ relations: { books: true } })).flatMap(({ books }) => books)),
  },
  'a join without a relation': {
    rows: 18,
    read: async ({ genres }) => {
      const rows = await genres
        .createQueryBuilder('g')
        .innerJoin(Book, 'b', 'b.pages > 0')
        .select('b.title', 'title')
        .getRawMany<{ title: string }>();
      return rows.map(({ title }) => title);
    },
  },
  'a second entity in FROM': {
    rows: 18,
    read: async ({ source }) => {
      const rows = await source
        .createQueryBuilder()
        .select('b.title', 'title')
        .from(Genre, 'g')
        .addFrom(Book, 'b')
        .getRawMany<{ title: string }>();
      return rows.map(({ title }) => title);
    },
  },
  'a subquery in a condition': {
    rows: 3,
    read: async ({ books }) =>
      titles(
        await books
          .createQueryBuilder('b')
          .where(
            (qb) =>
              'b.shelfId in ' +
              qb.subQuery().select('s.id').from(Shelf, 's').where(`s.name like '%shelf 2'`).getQuery(),
          )
          .getMany(),
      ),
  },
  'a subquery made apart, its parameters taken first': {
    rows: 9,
    read: async ({ source, books }) => {
      const shelves = source.createQueryBuilder(Shelf, 's').select('s.id').where('s.name <> :no', { no: 'x' });
      return titles(
        await books
          .createQueryBuilder('b')
          .setParameters(shelves.getParameters())
          .where(`b.shelfId in (${shelves.getQuery()})`)
          .getMany(),
      );
    },
  },
  'a plain entity where owned rows exist': {
    rows: 2,
    read: async ({ source, genres }) => {
      const found = await genres
        .createQueryBuilder('g')
        .whereExists(source.createQueryBuilder(Book, 'b').where('b.genreId = g.id'))
        .getMany();
      return found.map(({ name }) => `ada ${name}`);
    },
  },
  'a common table expression': {
    rows: 9,
    read: async ({ source }) => {
      const books = source.createQueryBuilder(Book, 'b').select('b.title', 'title');
      const rows = await source
        .createQueryBuilder()
        .addCommonTableExpression(books, 'mine')
        .select('title')
        .from('mine', 'mine')
        .getRawMany<{ title: string }>();
      return rows.map(({ title }) => title);
    },
  },
  'deleted rows too': {
    rows: 9,
    read: async ({ books }) => titles(await books.find({ withDeleted: true, relations: { shelf: true } })),
  },
  'a tree': {
    rows: 3,
    read: async ({ source }) => {
      const trees = await source.manager.getTreeRepository(Folder).findTrees();
      return trees.flatMap(({ name, children }) => [name, ...children.map((child) => child.name)]);
    },
  },
  'the descendants of a node': {
    rows: 3,
    read: async ({ source }) => {
      const folders = source.manager.getTreeRepository(Folder);
      const [root] = await folders.findRoots();
      return (await folders.findDescendants(root!)).map(({ name }) => name);
    },
  },
};

const FIGURES: Record<string, (books: Repository<Book>) => Promise<unknown>> = {
  'count 9': (books) => books.count(),
  'count 9 with a join': (books) => books.count({ relations: { tags: true } }),
  'countBy 3': (books) => books.countBy({ pages: 300 }),
  'sum 1800': (books) => books.sum('pages'),
  'maximum 300': (books) => books.maximum('pages', {}),
  'exists true': (books) => books.exists({ where: { shelf: { name: 'ada shelf 1' } } }),
  'existsBy false': (books) => books.existsBy({ title: 'ben shelf 1 book 1' }),
};

describe.each([
  ['with both walls', [] as string[]],
  ['with the query’s wall alone, row level security off', OWNED_TABLES],
])('relations of owned rows, %s', (_walls, withoutPolicies) => {
  let database: TestDatabase;
  let dataSource: IsolatedDataSource;
  let isolation: Isolation;

  beforeAll(async () => {
    database = await createLibrary();
    await asOwner(database, async (owner) => {
      for (const table of withoutPolicies) await owner.query(`alter table ${table} disable row level security`);
    });
    dataSource = await connectLibrary(database.apiUrl);
    isolation = new Isolation(dataSource);
  });
  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  const repositories = (): Repositories => ({
    source: dataSource,
    shelves: dataSource.getRepository(Shelf),
    books: dataSource.getRepository(Book),
    genres: dataSource.getRepository(Genre),
  });

  it.each(Object.entries(READINGS))('reads one user’s rows: %s', async (_name, { read, rows }) => {
    const found = await isolation.runAs('ada', () => read(repositories()));
    expect(found).toHaveLength(rows);
    expect(found.filter((text) => text.startsWith('ben'))).toEqual([]);
  });

  it.each(Object.entries(READINGS))('refuses without a user: %s', async (_name, { read }) => {
    await expect(read(repositories())).rejects.toThrow(NoOwnerError);
  });

  it.each(Object.entries(FIGURES))('counts one user’s rows: %s', async (name, count) => {
    const [, expected] = name.split(' ');
    expect(String(await isolation.runAs('ada', () => count(dataSource.getRepository(Book))))).toBe(expected);
    await expect(count(dataSource.getRepository(Book))).rejects.toThrow(NoOwnerError);
  });

  it('gives the same shelf as TypeORM does, relations in place', async () => {
    const shelf = await isolation.runAs('ada', () =>
      dataSource.getRepository(Shelf).findOneOrFail({
        where: { name: 'ada shelf 1' },
        relations: { books: { tags: true } },
        order: { books: { title: 'ASC' } },
      }),
    );
    expect(shelf).toMatchObject({
      name: 'ada shelf 1',
      books: [1, 2, 3].map((n) => ({
        title: `ada shelf 1 book ${n}`,
        genre: { id: 1 + (n % 2) },
        tags: [{ name: 'ada tag' }],
      })),
    });
  });

  it('an owned row that refers to another’s shows nothing of it', async () => {
    await asOwner(database, (owner) =>
      owner.query(
        `update book set "shelfId" = (select id from shelf where name = 'ben shelf 1') ` +
          "where title = 'ada shelf 3 book 3'",
      ),
    );
    const book = await isolation.runAs('ada', () =>
      dataSource
        .getRepository(Book)
        .findOneOrFail({ where: { title: 'ada shelf 3 book 3' }, relations: { shelf: true } }),
    );
    expect(book.shelf).toBeNull();
    await asOwner(database, (owner) =>
      owner.query(
        `update book set "shelfId" = (select id from shelf where name = 'ada shelf 3') ` +
          "where title = 'ada shelf 3 book 3'",
      ),
    );
  });

  describe('writing', () => {
    const books = (): Repository<Book> => dataSource.getRepository(Book);
    const asAda = <T>(work: () => Promise<T>): Promise<T> => isolation.runAs('ada', work);
    let foreign: Book;

    beforeAll(async () => {
      foreign = await isolation.runAs('ben', () => books().findOneByOrFail({ title: 'ben shelf 1 book 1' }));
    });
    afterEach(async () => {
      const now = await isolation.runAs('ben', () =>
        books().findOneOrFail({ where: { id: foreign.id }, relations: { tags: true } }),
      );
      expect(now).toMatchObject({
        title: foreign.title,
        pages: foreign.pages,
        deletedAt: null,
        tags: [{ name: 'ben tag' }],
      });
    });

    it.each(
      Object.entries<(id: string) => Promise<{ affected?: number | null | undefined }>>({
        update: (id) => books().update({ id }, { pages: 1 }),
        delete: (id) => books().delete({ id }),
        softDelete: (id) => books().softDelete({ id }),
        restore: (id) => books().restore({ id }),
        increment: (id) => books().increment({ id }, 'pages', 1),
        decrement: (id) => books().decrement({ id }, 'pages', 1),
        'an update by a builder': (id) =>
          books()
            .createQueryBuilder()
            .update()
            .set({ pages: 1 })
            .where('id = :id or 1 = 1 and id = :id', { id })
            .execute(),
        'a delete by a builder': (id) =>
          books().createQueryBuilder().delete().where('id = :id', { id }).orWhere('id = :id', { id }).execute(),
        'a soft delete by a builder': (id) =>
          books().createQueryBuilder().softDelete().where('id = :id', { id }).execute(),
        'a restoring by a builder': (id) => books().createQueryBuilder().restore().where('id = :id', { id }).execute(),
        'an update of all by a builder made for another entity': (id) =>
          dataSource.createQueryBuilder().update(Book).set({ pages: 1 }).where({ id }).execute(),
      }),
    )('%s reaches no foreign row, and refuses without a user', async (_name, write) => {
      expect((await asAda(() => write(foreign.id))).affected).toBe(0);
      await expect(write(foreign.id)).rejects.toThrow(NoOwnerError);
    });

    it.each(
      Object.entries<(id: string) => Promise<unknown>>({
        'setting a relation': (id) => books().createQueryBuilder().relation(Book, 'shelf').of(id).set(null),
        'adding to a relation': (id) => dataSource.createQueryBuilder().relation(Shelf, 'books').of(id).add(id),
        insert: () => books().insert({ title: 'x', pages: 1 }),
        upsert: (id) => books().upsert({ id, title: 'x', pages: 1 }, ['id']),
        'save of a new row': () => books().save({ title: 'x', pages: 1 }),
        'save of a known row': (id) => books().save({ id, title: 'x', pages: 1 }),
        remove: () => books().remove(foreign),
        preload: (id) => books().preload({ id, title: 'x' }),
        'deleting all': () => books().createQueryBuilder().delete().execute(),
        'restoring all': () => books().createQueryBuilder().restore().execute(),
      }),
    )('%s refuses without a user', async (_name, write) => {
      await expect(write(foreign.id)).rejects.toThrow(NoOwnerError);
    });

    it('setting a relation reaches no foreign row', async () => {
      await asAda(() => books().createQueryBuilder().relation(Book, 'shelf').of(foreign.id).set(null));
      const { shelf } = await isolation.runAs('ben', () =>
        books().findOneOrFail({ where: { id: foreign.id }, relations: { shelf: true } }),
      );
      expect(shelf?.name).toBe('ben shelf 1');
    });

    it('saving saves what cascades, and gives all of it to the user', async () => {
      await asAda(async () => {
        const shelves = dataSource.getRepository(Shelf);
        const saved = await shelves.save(
          shelves.create({
            name: 'ada new',
            books: [
              { title: 'ada first', pages: 1 },
              { title: 'ada second', pages: 2 },
            ],
          }),
        );
        const shelf = await shelves.findOneOrFail({ where: { id: saved.id }, relations: { books: true } });
        expect(shelf.userId).toBe('ada');
        expect(shelf.books.map(({ userId }) => userId)).toEqual(['ada', 'ada']);
        shelf.books[0]!.pages = 5;
        await shelves.save(shelf);
        expect(await books().sum('pages', { shelf: { id: saved.id } })).toBe(5 + shelf.books[1]!.pages);
        await shelves.remove(shelf);
        expect(await books().countBy({ shelf: { id: saved.id } })).toBe(0);
      });
    });

    it('links are saved and taken away, as the user’s', async () => {
      await asAda(async () => {
        const tag = await dataSource.getRepository(Tag).save({ name: 'ada second tag' });
        const book = await books().findOneOrFail({ where: { title: 'ada shelf 1 book 1' }, relations: { tags: true } });
        book.tags.push(tag);
        await books().save(book);
        expect(await books().count({ where: { tags: { name: 'ada second tag' } } })).toBe(1);
        await books().createQueryBuilder().relation(Book, 'tags').of(book).remove(tag);
        expect(await books().count({ where: { tags: { name: 'ada second tag' } } })).toBe(0);
        await dataSource.getRepository(Tag).remove(tag);
      });
    });

    it('upsert changes an own row and adds a new one', async () => {
      await asAda(async () => {
        const [own] = (await books().find({ where: { title: 'ada shelf 2 book 2' } })) as [Book];
        await books().upsert({ id: own.id, title: own.title, pages: 201 }, ['id']);
        expect((await books().findOneByOrFail({ id: own.id })).pages).toBe(201);
        await books().update({ id: own.id }, { pages: 200 });
        const { identifiers } = await books().upsert({ title: 'ada upserted', pages: 1 }, ['id']);
        expect((await books().delete(identifiers[0]!)).affected).toBe(1);
      });
    });

    it('preload, increment, soft delete and restore work on own rows', async () => {
      await asAda(async () => {
        const own = await books().findOneByOrFail({ title: 'ada shelf 2 book 1' });
        expect((await books().preload({ id: own.id, pages: 7 }))?.title).toBe(own.title);
        expect(await books().preload({ id: foreign.id, pages: 7 })).toBeUndefined();
        await books().increment({ id: own.id }, 'pages', 5);
        await books().softDelete({ id: own.id });
        expect(await books().findOneBy({ id: own.id })).toBeNull();
        await books().restore({ id: own.id });
        expect((await books().findOneByOrFail({ id: own.id })).pages).toBe(105);
        await books().update({ id: own.id }, { pages: 100 });
      });
    });
  });
});
