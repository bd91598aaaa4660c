import { AfterLoad, Column, Entity, ManyToOne, PrimaryGeneratedColumn } from 'typeorm';
import { createTestDatabase, type TestDatabase } from '../../../test/database.ts';
import { Isolation, type IsolatedDataSource, IsolationError, OwnedEntity, OwnedRepository } from '../src/index.ts';
import { createDataSource } from './ways.ts';

class Place {
  @Column('text')
  street!: string;

  @Column('text', { nullable: true })
  floor!: string | null;
}

const CENTS = {
  to: (value: number): string => (value / 100).toFixed(2),
  from: (value: string): number => Math.round(Number(value) * 100),
};

/** A column of each kind that TypeORM doesn't take from PostgreSQL as it is. */
@Entity('parcel')
class Parcel extends OwnedEntity {
  @PrimaryGeneratedColumn('uuid')
  readonly id!: string;

  @Column('numeric', { precision: 10, scale: 2, transformer: CENTS })
  cents!: number;

  @Column('date')
  day!: string;

  @Column({ name: 'sent_at', type: 'timestamptz', precision: 3, nullable: true })
  sentAt!: Date | null;

  @Column('simple-array')
  tags!: string[];

  @Column('jsonb')
  extra!: unknown;

  @Column(() => Place)
  place!: Place;

  @Column('text', { select: false, default: 'hidden' })
  secret?: string;

  @ManyToOne(() => Parcel, { nullable: true })
  parent?: Parcel | null;

  loaded = false;

  @AfterLoad()
  note(): void {
    this.loaded = true;
  }
}

let database: TestDatabase;
let dataSource: IsolatedDataSource;
let parcels: OwnedRepository<Parcel>;
let asUser: <T>(work: () => Promise<T>) => Promise<T>;

beforeAll(async () => {
  database = await createTestDatabase('better-auth');
  dataSource = await createDataSource({
    type: 'postgres',
    url: database.ownerUrl,
    entities: [Parcel],
    synchronize: true,
    installExtensions: false,
    uuidExtension: 'pgcrypto',
  });
  await dataSource.initialize();
  parcels = new OwnedRepository(Parcel, dataSource.manager);
  const isolation = new Isolation(dataSource);
  asUser = (work) => isolation.runAs('user-1', work);
  await dataSource.query(
    `insert into "user" (id, name, email, "emailVerified") values ('user-1', 'User 1', '1@example.com', true)`,
  );
  await dataSource.query(
    `insert into parcel (user_id, cents, day, sent_at, tags, extra, "placeStreet", "placeFloor") values
       ('user-1', 12.34, '2030-03-14', '2030-03-14 09:00:00.123+00', 'a,b', '{"n": [1]}', 'Main street', null),
       ('user-1', 0, '2030-03-15', null, 'c', 'null', 'Side street', '2')`,
  );
});
afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});

const query = () => parcels.createQueryBuilder('p').orderBy('p.day', 'ASC');
/** Beside what the listener did. */
const plain = (rows: readonly Parcel[]): object[] => rows.map(({ loaded: _loaded, ...values }) => values);

it('gives the entities getMany() gives, whatever their columns', async () => {
  const { made, read } = await asUser(async () => ({
    made: await query().getMany(),
    read: await parcels.readMany(query()),
  }));
  expect(plain(read)).toEqual(plain(made));
  expect(read.every((parcel) => parcel instanceof Parcel)).toBe(true);
  expect(read[0]).toMatchObject({
    cents: 1_234,
    day: '2030-03-14',
    sentAt: new Date('2030-03-14T09:00:00.123Z'),
    tags: ['a', 'b'],
    extra: { n: [1] },
    place: { street: 'Main street', floor: null },
  });
  expect(read[0]!.secret).toBeUndefined();
});

it('gives a hidden column when it was asked for, and only the columns that were selected', async () => {
  const withSecret = () => query().addSelect('p.secret');
  const partial = () => parcels.createQueryBuilder('p').select(['p.id', 'p.day']).orderBy('p.day', 'ASC');
  for (const builder of [withSecret, partial]) {
    const { made, read } = await asUser(async () => ({
      made: await builder().getMany(),
      read: await parcels.readMany(builder()),
    }));
    expect(plain(read)).toEqual(plain(made));
  }
});

it('reads the rows of whoever asks', async () => {
  const isolation = new Isolation(dataSource);
  expect(await isolation.runAs('user-2', () => parcels.readMany(query()))).toEqual([]);
  await expect(parcels.readMany(query())).rejects.toThrow(/belongs to a user/);
});

it('refuses a query with joins, which would lose what was joined', async () => {
  await expect(asUser(() => parcels.readMany(query().leftJoinAndSelect('p.parent', 'parent')))).rejects.toThrow(
    IsolationError,
  );
});
