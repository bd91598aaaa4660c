import { Column, DataSource, Entity, PrimaryColumn } from 'typeorm';
import { ensureTemplate } from '../../../test/templates.ts';
import { admin, apiUrl, databaseUrl } from '../../../test/server.ts';
import { OwnedEntity, ownTable } from '../src/index.ts';

/** Users, each with {@link ITEMS} items. */
export const USERS = 1_000;
export const ITEMS = 100;

const NAME = `bench_isolation_${process.pid}`;

/** An owned table of the same shape as the tasks'. */
@Entity('owned_item')
export class OwnedItem extends OwnedEntity {
  @PrimaryColumn('uuid') readonly id!: string;
  @Column('text') title!: string;
  @Column('text', { nullable: true }) description!: string | null;
  @Column('text') status!: string;
  @Column('text') priority!: string;
  @Column('timestamptz', { name: 'due_at', nullable: true }) dueAt!: Date | null;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
  @Column('timestamptz', { name: 'updated_at' }) updatedAt!: Date;
}

/** The same without policies, an owner column that nothing enforces. */
@Entity('open_item')
export class OpenItem {
  @PrimaryColumn('uuid') readonly id!: string;
  @Column('text', { name: 'user_id' }) userId!: string;
  @Column('text') title!: string;
  @Column('text', { nullable: true }) description!: string | null;
  @Column('text') status!: string;
  @Column('text') priority!: string;
  @Column('timestamptz', { name: 'due_at', nullable: true }) dueAt!: Date | null;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
  @Column('timestamptz', { name: 'updated_at' }) updatedAt!: Date;
}

const TABLE = `(id uuid primary key default gen_random_uuid(), title text not null, description text,
  status text not null default 'todo', priority text not null default 'medium', due_at timestamptz,
  created_at timestamptz not null default now(), updated_at timestamptz not null default now())`;

/** Both tables with the same rows, on a server that has Better Auth's tables as a template. */
export async function createBenchDatabase(server: string): Promise<{ apiUrl: string; drop(): Promise<void> }> {
  const template = await ensureTemplate(server, 'better-auth');
  await admin(server, async (client) => {
    await client.query(`create database ${NAME} template ${template}`);
  });
  const url = databaseUrl(server, NAME);
  const owner = await new DataSource({ type: 'postgres', url }).initialize();
  const runner = owner.createQueryRunner();
  await runner.query(`create table owned_item ${TABLE}`);
  await ownTable(runner, 'owned_item', { indexColumns: ['created_at desc', 'id desc'] });
  await runner.query(
    'insert into "user" (id, name, email, "emailVerified") ' +
      "select 'user-' || n, 'User ' || n, n || '@example.com', true from generate_series(1, $1) n",
    [USERS],
  );
  await runner.query(
    `insert into owned_item (user_id, title, description, created_at)
     select 'user-' || u, 'Task ' || n, repeat('word ', 20), now() - n * interval '1 hour'
       from generate_series(1, $1) u, generate_series(1, $2) n`,
    [USERS, ITEMS],
  );
  await runner.query('create table open_item (like owned_item including all)');
  await runner.query('insert into open_item select * from owned_item');
  await runner.query('grant select, insert, update, delete on open_item to session_guard_api');
  await runner.query('vacuum analyze');
  await owner.destroy();
  return {
    apiUrl: apiUrl(url),
    drop: () => admin(server, async (client) => void (await client.query(`drop database ${NAME} with (force)`))),
  };
}
