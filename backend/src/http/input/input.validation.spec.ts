import { Body, Controller, createParamDecorator, Get, type INestApplication, Param, Post, Query } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { IsInt, IsString } from 'class-validator';
import { ProblemFilter } from '../errors/problem.filter.ts';
import { validateInput } from './input.validation.ts';

class NoteDto {
  @IsString() text!: string;
}

class PageDto {
  @IsInt() limit!: number;
}

/** A value that no client sends, of a class that no request could pass for. */
const given = new NoteDto();
const Given = createParamDecorator(() => given);
const AsGiven = createParamDecorator((_data, context) => Promise.resolve(context.getType()));

class Notes {
  @Get('given')
  given(@Given() value: NoteDto, @AsGiven() later: PageDto) {
    return { same: value === given, later };
  }

  @Get(':id')
  find(@Param('id') id: number, @Query() page: PageDto, @Given() value: NoteDto) {
    return { id, limit: page.limit, same: value === given };
  }

  @Post()
  add(@Body({ transform: (dto: NoteDto) => Object.assign({ seen: dto instanceof NoteDto }, dto) }) dto: NoteDto) {
    return dto;
  }
}

@Controller('notes')
class NotesController extends Notes {}

async function start(): Promise<NestFastifyApplication> {
  const module = await Test.createTestingModule({ controllers: [NotesController] }).compile();
  const app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter());
  validateInput(app);
  app.useGlobalFilters(new ProblemFilter());
  await app.init();
  return app;
}

describe('validateInput', () => {
  let app: NestFastifyApplication;
  let first: INestApplication;

  beforeAll(async () => {
    // Twice, as two applications of one process: a pipe that ran twice would refuse what it has converted.
    first = await start();
    app = await start();
  });
  afterAll(() => Promise.all([app.close(), first.close()]));

  it('leaves the value of a custom decorator alone', async () => {
    const response = await app.inject('/notes/given');
    expect(response.json()).toEqual({ same: true, later: 'http' });
  });

  it('validates and converts paths and queries, of an inherited handler too', async () => {
    expect((await app.inject('/notes/7?limit=20')).json()).toEqual({ id: 7, limit: 20, same: true });
    expect((await app.inject('/notes/seven?limit=20')).json()).toMatchObject({ errors: [{ pointer: '/path/id' }] });
    expect((await app.inject('/notes/7?limit=many')).json()).toMatchObject({ errors: [{ pointer: '/query/limit' }] });
  });

  it('validates a body before the parameter’s own pipes', async () => {
    const post = (payload: object) => app.inject({ method: 'POST', url: '/notes', payload });
    expect((await post({ text: 'milk' })).json()).toEqual({ text: 'milk', seen: true });
    const refused = await post({ text: 7, more: true });
    expect([refused.statusCode, refused.json<{ errors: { pointer: string }[] }>().errors]).toEqual([
      400,
      expect.arrayContaining([expect.objectContaining({ pointer: '/text' })]),
    ]);
  });
});
