import { Column, DataSource, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { createTestDatabase, type TestDatabase } from '../../../test/database.ts';
import { type IsolatedDataSource, OwnedEntity, ownTable } from '../src/index.ts';
import { createDataSource } from './ways.ts';

/** The smallest owned entity. */
@Entity('note')
export class Note extends OwnedEntity {
  @PrimaryGeneratedColumn('uuid')
  readonly id!: string;

  @Column('text')
  body!: string;
}

/**
 * A database with an owned table and users `user-1`, `user-2`, …, each with `notes` notes whose body names the owner.
 */
export async function createNotes({ users, notes }: { users: number; notes: number }): Promise<TestDatabase> {
  const database = await createTestDatabase('better-auth');
  const owner = await new DataSource({ type: 'postgres', url: database.ownerUrl }).initialize();
  const queryRunner = owner.createQueryRunner();
  await queryRunner.query('create table note (id uuid primary key default gen_random_uuid(), body text not null)');
  await ownTable(queryRunner, 'note', { indexColumns: ['id'] });
  await queryRunner.query(
    'insert into "user" (id, name, email, "emailVerified") ' +
      "select 'user-' || n, 'User ' || n, n || '@example.com', true from generate_series(1, $1) n",
    [users],
  );
  await queryRunner.query(
    "insert into note (user_id, body) select 'user-' || n, 'of user-' || n " +
      'from generate_series(1, $1) n, generate_series(1, $2)',
    [users, notes],
  );
  await queryRunner.query('analyze note');
  await owner.destroy();
  return database;
}

/** A DataSource as the API has it: the restricted role, a small pool. */
export async function connectAs(
  url: string,
  extra: Record<string, unknown> = { max: 10 },
): Promise<IsolatedDataSource> {
  const dataSource = await createDataSource({
    type: 'postgres',
    url,
    entities: [Note],
    extra,
    installExtensions: false,
  });
  await dataSource.initialize();
  return dataSource;
}
