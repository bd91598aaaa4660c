import type { QueryResultCache } from 'typeorm/cache/QueryResultCache.js';
import type { QueryResultCacheOptions } from 'typeorm/cache/QueryResultCacheOptions.js';
import type { TestDatabase } from '../../../test/database.ts';
import { Isolation, type IsolatedDataSource, OwnedCacheError } from '../src/index.ts';
import { Book, connectLibrary, createLibrary, Genre, Shelf } from './library.ts';

/** Keeps results by name or text, as TypeORM's own caches in PostgreSQL and Redis do. */
class MemoryCache implements QueryResultCache {
  readonly kept = new Map<string, QueryResultCacheOptions>();
  connect = (): Promise<void> => Promise.resolve();
  disconnect = (): Promise<void> => Promise.resolve();
  synchronize = (): Promise<void> => Promise.resolve();
  clear = (): Promise<void> => Promise.resolve();
  remove = (): Promise<void> => Promise.resolve();
  isExpired = (): boolean => false;
  getFromCache = ({ identifier, query }: QueryResultCacheOptions): Promise<QueryResultCacheOptions | undefined> =>
    Promise.resolve(this.kept.get(identifier ?? query ?? ''));
  storeInCache = (options: QueryResultCacheOptions): Promise<void> => {
    this.kept.set(options.identifier ?? options.query ?? '', options);
    return Promise.resolve();
  };
}

let database: TestDatabase;
let dataSource: IsolatedDataSource;
let cache: MemoryCache;

beforeAll(async () => {
  database = await createLibrary();
});
afterAll(() => database.drop());
afterEach(() => dataSource.destroy());

async function connect(alwaysEnabled: boolean): Promise<void> {
  cache = new MemoryCache();
  dataSource = await connectLibrary(database.apiUrl, { cache: { provider: () => cache, alwaysEnabled } });
}

const asAda = <T>(work: () => Promise<T>): Promise<T> => new Isolation(dataSource).runAs('ada', work);
const books = () => dataSource.getRepository(Book);
const genres = () => dataSource.getRepository(Genre);

it.each(
  Object.entries<() => Promise<unknown>>({
    find: () => books().find({ cache: true }),
    'find under a name': () => books().find({ cache: { id: 'books', milliseconds: 60_000 } }),
    'find for a time': () => books().find({ cache: 60_000 }),
    'findOne with relations, which is two queries': () =>
      dataSource
        .getRepository(Shelf)
        .findOne({ where: {}, relations: { books: true }, cache: { id: 'shelf', milliseconds: 60_000 } }),
    findAndCount: () => books().findAndCount({ cache: true }),
    'a builder': () => books().createQueryBuilder('b').cache(true).getMany(),
    'raw rows of a builder': () => books().createQueryBuilder('b').cache('books', 60_000).getRawMany(),
    'a plain entity that joins owned rows': () => genres().find({ relations: { books: true }, cache: true }),
    'a plain entity that joins owned rows without a relation': () =>
      genres().createQueryBuilder('g').leftJoin(Book, 'b', 'b.genreId = g.id').cache(true).getMany(),
    'a plain entity with a subquery of owned rows': () =>
      genres()
        .createQueryBuilder('g')
        .where((qb) => `g.id in ${qb.subQuery().select('b.genreId').from(Book, 'b').getQuery()}`)
        .cache(true)
        .getMany(),
    'a plain entity with a subquery as text': () =>
      genres().createQueryBuilder('g').where('g.id in (select "genreId" from book)').cache(true).getMany(),
    'a plain entity with a link table as text': () =>
      genres().createQueryBuilder('g').addSelect('(select count(*) from book_tag)', 'n').cache(true).getRawMany(),
    'whether there is any': () => books().createQueryBuilder('b').cache(true).getExists(),
  }),
)('the result cache is refused for owned rows, and keeps none of them: %s', async (_name, read) => {
  await connect(false);
  await expect(asAda(read)).rejects.toThrow(OwnedCacheError);
  await expect(asAda(read)).rejects.toThrow(/result cache doesn't know who asks. Leave out `cache`/);
  expect([...cache.kept.keys()]).toEqual([]);
});

it('a cache that is always enabled is refused for owned rows, unless the query opts out', async () => {
  await connect(true);
  await expect(asAda(() => books().find())).rejects.toThrow(OwnedCacheError);
  await expect(
    asAda(() => dataSource.getRepository(Shelf).find({ relations: { books: true }, take: 1 })),
  ).rejects.toThrow(OwnedCacheError);
  expect(await asAda(() => books().find({ cache: false }))).toHaveLength(9);
  expect([...cache.kept.keys()]).toEqual([]);
});

it('reference data may be cached', async () => {
  await connect(false);
  for (let turn = 0; turn < 2; turn += 1)
    expect(await genres().find({ cache: { id: 'genres', milliseconds: 60_000 } })).toHaveLength(2);
  expect([...cache.kept.keys()]).toEqual(['genres']);
  expect(await asAda(() => books().find())).toHaveLength(9);
});
