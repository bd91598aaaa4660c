import {
  Body,
  type CanActivate,
  Controller,
  type ExecutionContext,
  Get,
  Inject,
  type INestApplication,
  Injectable,
  Module,
  Post,
} from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { TypeOrmModule } from '@nestjs/typeorm';
import request from 'supertest';
import { DataSource } from 'typeorm';
import type { TestDatabase } from '../../../test/database.ts';
import { InjectOwnedRepository, Isolation, IsolationModule, type OwnedRepository } from '../src/index.ts';
import { createNotes, Note } from './note.ts';
import { createDataSource } from './ways.ts';

/** Stands for a guard that verified something: asynchronous, as a lookup is. */
@Injectable()
class HeaderGuard implements CanActivate {
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const incoming = context
      .switchToHttp()
      .getRequest<{ headers: Record<string, string | undefined>; user?: { id: string } }>();
    const id = incoming.headers['x-verified'];
    await new Promise(setImmediate);
    if (id !== undefined) incoming.user = { id };
    return true;
  }
}

const leftRunning: (() => Promise<unknown>)[] = [];

@Controller('notes')
class NotesController {
  constructor(
    @InjectOwnedRepository(Note) private readonly notes: OwnedRepository<Note>,
    @Inject(Isolation) private readonly isolation: Isolation,
  ) {}

  @Get()
  list(): Promise<Note[]> {
    return this.notes.find();
  }

  @Post()
  async add(@Body() body: { body: string }): Promise<Note[]> {
    await this.isolation.transaction(() => this.notes.insert({ body: body.body }));
    return this.notes.find();
  }

  @Get('left-running')
  leaveRunning(): string {
    let go: () => void = () => undefined;
    const later = new Promise<void>((resolve) => (go = resolve)).then(() => this.notes.find());
    leftRunning.push(() => {
      go();
      return later;
    });
    return 'gone';
  }
}

@Module({ imports: [IsolationModule.forFeature([Note])], controllers: [NotesController] })
class NotesModule {}

describe.each([
  ['Fastify', () => new FastifyAdapter()],
  ['Express', () => new ExpressAdapter()],
] as const)('requests on %s', (_name, adapter) => {
  let database: TestDatabase;
  let app: INestApplication;

  beforeAll(async () => {
    database = await createNotes({ users: 2, notes: 3 });
    const module = await Test.createTestingModule({
      imports: [
        TypeOrmModule.forRootAsync({
          useFactory: () => ({
            type: 'postgres' as const,
            url: database.apiUrl,
            autoLoadEntities: true,
            installExtensions: false,
          }),
          dataSourceFactory: createDataSource,
        }),
        IsolationModule.forRoot(),
        NotesModule,
      ],
      providers: [{ provide: APP_GUARD, useClass: HeaderGuard }],
    }).compile();
    app = module.createNestApplication(adapter(), { logger: false });
    await app.listen(0, '127.0.0.1');
  });

  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  it('GET → own rows of the verified user', async () => {
    const { body } = await request(app.getHttpServer()).get('/notes').set('x-verified', 'user-1').expect(200);
    expect(body.map((note: Note) => note.userId)).toEqual(['user-1', 'user-1', 'user-1']);
  });

  it('POST with a body → the scope survives reading it', async () => {
    const { body } = await request(app.getHttpServer())
      .post('/notes')
      .set('x-verified', 'user-2')
      .send({ body: 'hello', userId: 'user-1' })
      .expect(201);
    expect(body.map((note: Note) => note.userId)).toEqual(['user-2', 'user-2', 'user-2', 'user-2']);
  });

  it('without a verified user → 500 and no row', async () => {
    await request(app.getHttpServer()).get('/notes').expect(500);
  });

  it('work that outlives its request knows no user any more', async () => {
    await request(app.getHttpServer()).get('/notes/left-running').set('x-verified', 'user-1').expect(200);
    await expect(leftRunning.at(-1)!()).rejects.toThrow(/runAs/);
  });
});

describe('an application on a role that could bypass the policies', () => {
  it('refuses to start, naming the fix', async () => {
    const database = await createNotes({ users: 1, notes: 1 });
    const starting = Test.createTestingModule({
      imports: [
        TypeOrmModule.forRootAsync({
          useFactory: () => ({ type: 'postgres' as const, url: database.ownerUrl, autoLoadEntities: true }),
          dataSourceFactory: createDataSource,
        }),
        IsolationModule.forRoot(),
        NotesModule,
      ],
    }).compile();
    const app = (await starting).createNestApplication(new FastifyAdapter(), { logger: false });
    await expect(app.init()).rejects.toThrow(/is a superuser, no policy holds for it\..*API_DATABASE_URL/s);
    await app.get(DataSource).destroy();
    await database.drop();
  });
});
