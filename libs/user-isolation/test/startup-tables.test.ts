import {
  Column,
  DataSource,
  Entity,
  JoinTable,
  ManyToMany,
  PrimaryColumn,
  type QueryRunner,
  type Relation,
  Tree,
  TreeChildren,
  TreeParent,
  ViewColumn,
  ViewEntity,
} from 'typeorm';
import { createTestDatabase, type TestDatabase } from '../../../test/database.ts';
import {
  checkIsolation,
  createIsolatedDataSource,
  IsolationCheckError,
  Owned,
  OwnedEntity,
  ownTable,
} from '../src/index.ts';

/** Reference data, linked to more of it: nobody's. */
@Entity('colour')
class Colour {
  @PrimaryColumn('int') id!: number;
  @ManyToMany(() => Fabric) @JoinTable({ name: 'colour_fabric' }) fabrics!: Relation<Fabric[]>;
}

/** Reference data that says itself which owned rows it is linked to. */
@Entity('fabric')
class Fabric {
  @PrimaryColumn('int') id!: number;
  @ManyToMany(() => Coat) @JoinTable({ name: 'fabric_coat' }) coats!: Relation<Coat[]>;
}

@Entity('coat')
class Coat extends OwnedEntity {
  @PrimaryColumn('int') id!: number;
  @ManyToMany(() => Colour) @JoinTable({ name: 'coat_colour' }) colours!: Relation<Colour[]>;
}

@Entity('drawer')
@Tree('closure-table')
class Drawer extends OwnedEntity {
  @PrimaryColumn('int') id!: number;
  @TreeParent() parent!: Relation<Drawer> | null;
  @TreeChildren() children!: Relation<Drawer[]>;
}

/** It reads with the rights of who asks: the policy of what it reads holds. */
@Owned()
@ViewEntity({ name: 'own_coat', expression: 'select id, user_id from coat' })
class OwnCoat {
  @ViewColumn() id!: number;
  readonly userId!: string;
}

@Entity({ name: 'diary', schema: 'room' })
class Diary extends OwnedEntity {
  @PrimaryColumn('int') id!: number;
  @Column('text') body!: string;
}

const TABLES = `
  create table colour (id int primary key);
  create table fabric (id int primary key);
  create table coat (id int primary key);
  create table colour_fabric ("colourId" int references colour (id), "fabricId" int references fabric (id));
  create table coat_colour ("coatId" int references coat (id), "colourId" int references colour (id));
  create table fabric_coat ("fabricId" int references fabric (id), "coatId" int references coat (id));
  create table drawer (id int primary key, "parentId" int);
  create table drawer_closure (id_ancestor int, id_descendant int);
  create schema room;
  create table room.diary (id int primary key, body text);
  grant usage on schema room to session_guard_api;
  grant select on colour, fabric, colour_fabric to session_guard_api`;

let database: TestDatabase;
let owner: DataSource;
let runner: QueryRunner;

beforeAll(async () => {
  database = await createTestDatabase('better-auth');
  owner = await new DataSource({ type: 'postgres', url: database.ownerUrl }).initialize();
  runner = owner.createQueryRunner();
  await runner.query(TABLES);
  await runner.query('set search_path = room, public');
  for (const table of ['coat', 'drawer', 'diary']) await ownTable(runner, table);
  await runner.query('create view public.own_coat with (security_invoker = true) as select id, user_id from coat');
});
afterAll(async () => {
  await owner.destroy();
  await database.drop();
});

async function problems(): Promise<readonly string[]> {
  const dataSource = await createIsolatedDataSource({
    type: 'postgres',
    url: database.apiUrl,
    entities: [Colour, Fabric, Coat, Drawer, OwnCoat, Diary],
    extra: { max: 1 },
    installExtensions: false,
  });
  await dataSource.initialize();
  try {
    await checkIsolation(dataSource);
    return [];
  } catch (error) {
    if (error instanceof IsolationCheckError) return error.problems;
    throw error;
  } finally {
    await dataSource.destroy();
  }
}

it('link tables and closure tables of owned rows must be owned; link tables of reference data need not', async () => {
  const named = (await problems()).filter((problem) => problem.includes('is not enabled and forced'));
  const tables = named.map((problem) => String(/row level security of "(\w+)"/.exec(problem)?.[1]));
  expect(new Set(tables)).toEqual(new Set(['coat_colour', 'drawer_closure', 'fabric_coat']));
  for (const table of ['coat_colour', 'drawer_closure', 'fabric_coat']) await ownTable(runner, table);
  expect(await problems()).toEqual([]);
});

it('an owned table in another schema is looked at there, and so is what shows its rows', async () => {
  await runner.query('alter table room.diary no force row level security');
  expect((await problems()).join()).toContain('row level security of "diary" is not enabled and forced');
  await runner.query('alter table room.diary force row level security');
  await runner.query(
    'create view room.shown as select * from room.diary; grant select on room.shown to session_guard_api',
  );
  expect((await problems()).join()).toContain('The view room.shown shows everybody\'s rows of "diary"');
  await runner.query('drop view room.shown');
  expect(await problems()).toEqual([]);
});
