import {
  type CanActivate,
  type ExecutionContext,
  type INestApplication,
  Injectable,
  type ModuleMetadata,
  type Provider,
  UseInterceptors,
} from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { WsAdapter } from '@nestjs/platform-ws';
import { Test } from '@nestjs/testing';
import { TypeOrmModule } from '@nestjs/typeorm';
import { MessageBody, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { AllowAnonymous, AuthModule, guardedRequest } from '@session-guard/auth';
import { AuthTestKit } from '@session-guard/auth/testing';
import { keepHandshakes, webSocketContext } from '@session-guard/auth/websockets';
import pg from 'pg';
import { WebSocket } from 'ws';
import { TEST_BASE_URL, TEST_SECRET } from '../../../test/better-auth.ts';
import type { TestDatabase } from '../../../test/database.ts';
import {
  InjectOwnedRepository,
  IsolationModule,
  type IsolationOptions,
  OwnedRepository,
  OwnerInterceptor,
} from '../src/index.ts';
import { createNotes, Note } from './note.ts';
import { createDataSource } from './ways.ts';

const leftRunning: (() => Promise<unknown>)[] = [];

/** Ordinary handlers: none of them names a user. */
@UseInterceptors(OwnerInterceptor)
@WebSocketGateway()
class NotesGateway {
  constructor(@InjectOwnedRepository(Note) private readonly notes: OwnedRepository<Note>) {}

  @SubscribeMessage('list')
  async list() {
    return this.#bodies();
  }

  @SubscribeMessage('add')
  async add(@MessageBody() body: string) {
    await this.notes.insert({ body });
    return this.#bodies();
  }

  @AllowAnonymous()
  @SubscribeMessage('anonymous')
  async anonymous() {
    return this.#bodies();
  }

  @SubscribeMessage('leave running')
  leaveRunning() {
    let go: () => void = () => undefined;
    const later = new Promise<void>((resolve) => (go = resolve)).then(() => this.notes.find());
    leftRunning.push(() => {
      go();
      return later;
    });
    return 'gone';
  }

  async #bodies() {
    return (await this.notes.find({ order: { body: 'ASC' } })).map(({ userId, body }) => `${userId}: ${body}`);
  }
}

/** The mistake: nobody told it whose rows these are. */
@WebSocketGateway()
class ForgetfulGateway {
  constructor(@InjectOwnedRepository(Note) private readonly notes: OwnedRepository<Note>) {}

  @SubscribeMessage('forgotten')
  async forgotten() {
    return this.notes.find();
  }
}

interface Client {
  /** The answer, or the exception's message. */
  send(event: string, data?: string): Promise<unknown>;
  close(): void;
}

async function connect(app: INestApplication, authorization?: string): Promise<Client> {
  const url = (await app.getUrl()).replace('http', 'ws');
  const socket = new WebSocket(url, authorization === undefined ? {} : { headers: { authorization } });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', () => resolve());
    socket.once('error', reject);
  });
  return {
    close: () => socket.terminate(),
    send: (event, data) =>
      new Promise((resolve) => {
        socket.once('message', (message: Buffer) => resolve(JSON.parse(message.toString())));
        socket.send(JSON.stringify({ event, data }));
      }),
  };
}

let database: TestDatabase;
let owner: pg.Pool;

beforeAll(async () => {
  database = await createNotes({ users: 2, notes: 1 });
  owner = new pg.Pool({ connectionString: database.ownerUrl, max: 2 });
  owner.on('error', () => undefined);
  await owner.query('grant select on session, "user", jwks to session_guard_api');
});
afterAll(async () => {
  await owner.end();
  await database.drop();
});

async function start(
  modules: NonNullable<ModuleMetadata['imports']>,
  options: IsolationOptions,
  providers: Provider[] = [],
) {
  const module = await Test.createTestingModule({
    imports: [
      TypeOrmModule.forRootAsync({
        useFactory: () => ({
          type: 'postgres' as const,
          url: database.apiUrl,
          autoLoadEntities: true,
          installExtensions: false,
          retryAttempts: 0,
        }),
        dataSourceFactory: createDataSource,
      }),
      IsolationModule.forRoot(options),
      IsolationModule.forFeature([Note]),
      ...modules,
    ],
    providers: [NotesGateway, ForgetfulGateway, ...providers],
  }).compile();
  const app = module.createNestApplication(new FastifyAdapter(), { logger: false });
  app.useWebSocketAdapter(keepHandshakes(new WsAdapter(app)));
  await app.listen(0, '127.0.0.1');
  return app;
}

describe('a WebSocket gateway behind SessionGuard', () => {
  let app: INestApplication;
  let clients: Client[];
  const kit = () => new AuthTestKit({ database: owner, secret: TEST_SECRET, baseURL: TEST_BASE_URL });

  beforeAll(async () => {
    app = await start(
      [AuthModule.forRoot({ baseURL: TEST_BASE_URL, secret: TEST_SECRET, contexts: [webSocketContext()] })],
      { requestOf: guardedRequest },
    );
    const sessions = await Promise.all(
      ['user-1', 'user-2'].map((id) => kit().createSession({ id, name: id, email: `${id}@example.com` })),
    );
    clients = await Promise.all(sessions.map(({ token }) => connect(app, `Bearer ${token}`)));
  });
  afterAll(async () => {
    for (const client of clients) client.close();
    await app.close();
  });

  it('each client sees their own rows, also when their messages cross', async () => {
    const answers = await Promise.all(clients.map((client) => client.send('list')));
    expect(answers).toEqual([['user-1: of user-1'], ['user-2: of user-2']]);
  });

  it('what a client adds is theirs', async () => {
    expect(await clients[1]!.send('add', 'added')).toEqual(['user-2: added', 'user-2: of user-2']);
    expect(await clients[0]!.send('list')).toEqual(['user-1: of user-1']);
  });

  it('without a session: refused by the guard; on an anonymous handler: by the rows', async () => {
    const stranger = await connect(app);
    expect(await stranger.send('list')).toMatchObject({ event: 'exception', data: { status: 401 } });
    expect(await stranger.send('anonymous')).toMatchObject({ event: 'exception' });
    stranger.close();
  });

  it('without the interceptor: no row, an exception', async () => {
    expect(await clients[0]!.send('forgotten')).toMatchObject({ event: 'exception' });
  });

  it('work that outlives its message knows no user any more', async () => {
    expect(await clients[0]!.send('leave running')).toBe('gone');
    await expect(leftRunning.at(-1)!()).rejects.toThrow(/runAs/);
  });
});

/** Stands for a guard that puts the user on the socket itself. */
@Injectable()
class SocketGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    context.getArgByIndex<{ user?: { id: string } }>(0).user = { id: 'user-1' };
    return true;
  }
}

describe('a WebSocket gateway behind a guard of one’s own', () => {
  it('the user on the socket is the owner', async () => {
    const app = await start([], {}, [{ provide: APP_GUARD, useClass: SocketGuard }]);
    const client = await connect(app);
    expect(await client.send('list')).toEqual(['user-1: of user-1']);
    client.close();
    await app.close();
  });
});
