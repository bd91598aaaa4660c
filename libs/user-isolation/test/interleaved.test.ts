import {
  type CanActivate,
  Controller,
  type ExecutionContext,
  Get,
  Inject,
  type INestApplication,
  Injectable,
  Module,
  Param,
  Query,
} from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { InjectDataSource, TypeOrmModule } from '@nestjs/typeorm';
import { Agent, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Pool } from 'pg';
import { DataSource } from 'typeorm';
import type { TestDatabase } from '../../../test/database.ts';
import { InjectOwnedRepository, Isolation, IsolationModule, type OwnedRepository } from '../src/index.ts';
import { createNotes, Note } from './note.ts';
import { createDataSource } from './ways.ts';

/** Fewer the plain way, which has less to go wrong. */
const REQUESTS = globalThis.isolationWay === 'plain' ? 2_000 : 10_000;
const USERS = 50;
/** A user who never asks for anything. */
const BYSTANDER = `user-${USERS + 1}`;
const POOL = 10;
const CONCURRENCY = 80;

type Owner = { user_id: string };

/** What a request does to its connection before it looks at what it can see; most of it goes wrong. */
const deeds: Record<string, (source: DataSource, isolation: Isolation) => Promise<unknown>> = {
  nothing: () => Promise.resolve(),
  transaction: (_source, isolation) =>
    isolation.transaction((manager) => manager.query(`update note set body = body || '.'`)),
  'transaction that throws': (_source, isolation) =>
    isolation.transaction(async (manager) => {
      await manager.query(`update note set body = 'never'`);
      throw new Error('changed my mind');
    }),
  'transaction aborted by an error it swallows': (_source, isolation) =>
    isolation.transaction(async (manager) => {
      await manager.query('select 1 / 0').catch(() => undefined);
      await manager.query('select * from note');
    }),
  'statement that fails': (source) => source.query('select 1 / 0 from note'),
  'statement that can’t be parsed': (source) => source.query('select from where'),
  'value that does not fit': (source) => source.query('select * from note where id = $1', ['not-a-uuid']),
  'insert for another user': (source) => source.query(`insert into note (body, user_id) values ('x', '${BYSTANDER}')`),
  // As at the server's statement_timeout, at a moment no load can move.
  'statement that PostgreSQL cancels': (source) =>
    source.query('select pg_cancel_backend(pg_backend_pid()), pg_sleep(60)'),
  'transaction beyond its time limit': (_source, isolation) =>
    isolation.transaction((manager) => manager.query('select pg_sleep(60)'), { timeout: 50 }),
  'transaction left open': async (source) => {
    const runner = source.createQueryRunner();
    await runner.query('begin');
    await runner.query(`select set_config('app.user_id', 'user-1', true)`);
    await runner.release();
  },
  'transaction left aborted': async (source) => {
    const runner = source.createQueryRunner();
    await runner.startTransaction();
    await runner.query('select 1 / 0').catch(() => undefined);
    await runner.release();
  },
  'connection that dies': (source) => source.query('select pg_terminate_backend(pg_backend_pid())'),
};
const names = Object.keys(deeds);
/** These cost a time limit or a new connection each: every fortieth request is enough. */
const rare = [
  'transaction beyond its time limit',
  'transaction left open',
  'transaction left aborted',
  'connection that dies',
];
const common = names.filter((name) => !rare.includes(name));
const deedOf = (n: number): string => (n % 40 === 0 ? rare[(n / 40) % rare.length] : common[n % common.length])!;

@Injectable()
class HeaderGuard implements CanActivate {
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const incoming = context.switchToHttp().getRequest<{ headers: Record<string, string>; user?: { id: string } }>();
    await new Promise(setImmediate);
    incoming.user = { id: incoming.headers['x-verified'] ?? '' };
    return true;
  }
}

@Controller('deeds')
class DeedsController {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(Isolation) private readonly isolation: Isolation,
    @InjectOwnedRepository(Note) private readonly notes: OwnedRepository<Note>,
  ) {}

  @Get(':name')
  async act(
    @Param('name') name: string,
    @Query('by') by: 'raw' | 'repository',
  ): Promise<{ failed: boolean; owners: string[] }> {
    const failed = await deeds[name]!(this.dataSource, this.isolation).then(
      () => false,
      () => true,
    );
    const owners =
      by === 'raw'
        ? (await this.dataSource.query<Owner[]>('select user_id from note')).map((row) => row.user_id)
        : (await this.notes.find()).map((note) => note.userId);
    return { failed, owners };
  }
}

@Module({ imports: [IsolationModule.forFeature([Note])], controllers: [DeedsController] })
class DeedsModule {}

describe('interleaved requests of 50 users over a pool of 10', () => {
  let database: TestDatabase;
  let app: INestApplication;
  let dataSource: DataSource;
  const agent = new Agent({ keepAlive: true, maxSockets: CONCURRENCY });

  beforeAll(async () => {
    database = await createNotes({ users: USERS + 1, notes: 3 });
    const module = await Test.createTestingModule({
      imports: [
        TypeOrmModule.forRootAsync({
          useFactory: () => ({
            type: 'postgres' as const,
            url: database.apiUrl,
            autoLoadEntities: true,
            installExtensions: false,
            logging: false as const,
            extra: { max: POOL },
            poolErrorHandler: () => undefined,
          }),
          dataSourceFactory: createDataSource,
        }),
        IsolationModule.forRoot(),
        DeedsModule,
      ],
      providers: [{ provide: APP_GUARD, useClass: HeaderGuard }],
    }).compile();
    app = module.createNestApplication(new FastifyAdapter(), { logger: false });
    await app.listen(0, '127.0.0.1');
    dataSource = app.get(DataSource);
  });

  afterAll(async () => {
    agent.destroy();
    await app.close();
    await database.drop();
  });

  async function ask(user: string, deed: string, by: string): Promise<{ failed: boolean; owners: string[] }> {
    const { port } = app.getHttpServer().address() as AddressInfo;
    const path = `/deeds/${encodeURIComponent(deed)}?by=${by}`;
    const { status, text } = await new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
      get({ port, path, agent, headers: { 'x-verified': user } }, (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () => resolve({ status: response.statusCode, text }));
      }).on('error', reject);
    });
    if (status !== 200) throw new Error(`${deed}: ${status} ${text}`);
    return JSON.parse(text) as { failed: boolean; owners: string[] };
  }

  it('not one foreign row, and nothing left on any connection', async () => {
    let sent = 0;
    let foreign = 0;
    let wrongCount = 0;
    const failures = new Map<string, number>();
    const client = async (): Promise<void> => {
      while (sent < REQUESTS) {
        const n = (sent += 1);
        const user = `user-${(n % USERS) + 1}`;
        const deed = deedOf(n);
        const { failed, owners } = await ask(user, deed, n % 2 === 0 ? 'raw' : 'repository');
        if (failed) failures.set(deed, (failures.get(deed) ?? 0) + 1);
        foreign += owners.filter((owner) => owner !== user).length;
        if (owners.length !== 3) wrongCount += 1;
      }
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, client));

    expect({ foreign, wrongCount }).toEqual({ foreign: 0, wrongCount: 0 });
    // The errors did happen.
    expect([...failures.keys()].toSorted()).toEqual(
      names
        .filter(
          (name) => !['nothing', 'transaction', 'transaction left open', 'transaction left aborted'].includes(name),
        )
        .toSorted(),
    );

    const pool = (dataSource.driver as unknown as { master: Pool }).master;
    const clients = await Promise.all(Array.from({ length: POOL }, () => pool.connect()));
    for (const connection of clients) {
      const { rows } = await connection.query(
        "select coalesce(current_setting('app.user_id', true), '') as owner, " +
          '(select count(*)::int from note) as visible',
      );
      expect(rows).toEqual([{ owner: '', visible: 0 }]);
      connection.release();
    }
  }, 600_000);
});
