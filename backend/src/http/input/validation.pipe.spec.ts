import { Body, Controller, Get, HttpCode, Param, ParseArrayPipe, ParseIntPipe, Post, Query } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { Transform, Type } from 'class-transformer';
import {
  IsArray,
  IsBoolean,
  IsDefined,
  IsIn,
  IsInt,
  IsNumber,
  IsString,
  Matches,
  Max,
  ValidateBy,
  ValidateNested,
} from 'class-validator';
import { DtoArrayPipe } from './dto-array.pipe.ts';
import { IfGiven } from './if-given.decorator.ts';
import { checkParameters } from './parameter.check.ts';
import { ProblemFilter } from '../errors/problem.filter.ts';
import { ValidationPipe } from './validation.pipe.ts';

/** As a validator that asks a database is: it answers later, and doesn't say beforehand that it will. */
const IsFree = (): PropertyDecorator =>
  ValidateBy({
    name: 'isFree',
    validator: { validate: (value) => Promise.resolve(value !== 'taken'), defaultMessage: () => 'is taken' },
  });

class ItemDto {
  @IsString()
  @Matches(/^\p{L}+$/u)
  name!: string;
}

class SlugDto {
  @IsString()
  @IsFree()
  slug!: string;
}

class ParentDto {
  @ValidateNested({ each: true })
  @Type(() => SlugDto)
  slugs!: SlugDto[];
}

class BareDto {
  anything?: unknown;
}

class ListQuery {
  @IfGiven() @IsArray() @IsString({ each: true }) tag?: string[];
  @IfGiven() @IsInt() @Max(10) page?: number;
  @IfGiven() @IsNumber() ratio?: number;
  @IfGiven() @IsBoolean() done?: boolean;
  @IfGiven() @IsBoolean() @Type(() => Boolean) typed?: boolean;
  @IfGiven() @IsArray() @IsInt({ each: true }) @Type(() => Number) ids?: number[];
  @IfGiven() @Transform(({ value }: { value: unknown }) => value === 'yes') @IsBoolean() own?: boolean;
  @IfGiven() @IsIn(['a', 'b']) kind?: string;
}

class PathParams {
  @IsDefined() @IsInt() id!: number;
}

@Controller()
class ShopController {
  @Post('item') @HttpCode(200) item(@Body() body: ItemDto) {
    return body;
  }
  @Post('slug') @HttpCode(200) slug(@Body() body: SlugDto) {
    return body;
  }
  @Post('parent') @HttpCode(200) parent(@Body() body: ParentDto) {
    return body;
  }
  @Post('bare') @HttpCode(200) bare(@Body() body: BareDto) {
    return body;
  }
  @Post('items') @HttpCode(200) items(@Body(new DtoArrayPipe(ItemDto)) list: ItemDto[]) {
    return list;
  }
  @Post('slugs') @HttpCode(200) slugs(@Body(new DtoArrayPipe(SlugDto)) list: SlugDto[]) {
    return list;
  }
  @Post('nest-items') @HttpCode(200) nestItems(@Body(new ParseArrayPipe({ items: ItemDto })) list: ItemDto[]) {
    return list;
  }
  @Post('part') @HttpCode(200) part(@Body('title') title: string, @Body('count') count: number) {
    return { title, count };
  }
  @Get('list') list(@Query() query: ListQuery) {
    return query;
  }
  @Get('named') named(
    @Query('page') page: number,
    @Query('done') done: boolean,
    @Query('tag') tag: string[],
    @Query('q') q: string,
    @Query('since') since: Date,
  ) {
    return { page, done, tag, q, since };
  }
  @Get('piped') piped(
    @Query('page', ParseIntPipe) page: number,
    @Query('ids', new ParseArrayPipe({ items: Number })) ids: number[],
  ) {
    return { page, ids };
  }
  @Get('path/:id') path(@Param('id') id: number) {
    return { id };
  }
  @Get('paths/:id') paths(@Param() params: PathParams) {
    return params;
  }
}

@Controller()
class WholeController {
  @Post('all') all(@Body() list: ItemDto[]) {
    return list;
  }
}

@Controller()
class PartController {
  @Post('all') all(@Body('items') list: ItemDto[]) {
    return list;
  }
}

let app: NestFastifyApplication;

beforeAll(async () => {
  const module = await Test.createTestingModule({ controllers: [ShopController] }).compile();
  app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter());
  checkParameters(app);
  app.useGlobalPipes(new ValidationPipe()).useGlobalFilters(new ProblemFilter());
  await app.init();
});
afterAll(() => app.close());

const get = async (url: string) => {
  const response = await app.inject({ method: 'GET', url });
  return { status: response.statusCode, body: response.json<Record<string, unknown>>() };
};
const post = async (url: string, payload: object | string) => {
  const response = await app.inject({ method: 'POST', url, payload, headers: { 'content-type': 'application/json' } });
  return {
    status: response.statusCode,
    body: response.json<Record<string, unknown>>(),
    bytes: response.rawPayload.length,
  };
};
const refused = (errors: unknown[]) => ({
  status: 400,
  body: expect.objectContaining({ code: 'validation_failed', errors }) as unknown,
});

describe('a body', () => {
  it('that its class names is let through, and text comes in normal form C', async () => {
    expect(await post('/item', { name: 'Cafe\u0301' })).toMatchObject({ status: 200, body: { name: 'Café' } });
  });

  it('with what its class does not name is refused', async () => {
    expect(await post('/item', { name: 'a', admin: true })).toMatchObject(
      refused([{ pointer: '/admin', message: 'is not an allowed property' }]),
    );
    expect(await post('/item', '{"name":"a","toString":1,"hasOwnProperty":2}')).toMatchObject({ status: 400 });
  });

  it('whose class names nothing is refused, not broken', async () => {
    expect(await post('/bare', { anything: 1 })).toMatchObject(refused([{ pointer: '', message: expect.any(String) }]));
  });

  it('of thousands of bad values is answered with fifty short errors, and that there are more', async () => {
    const { status, body, bytes } = await post(
      '/items',
      Array.from({ length: 2_000 }, () => ({ ['k'.repeat(200)]: '\u0000'.repeat(20) })),
    );
    expect(status).toBe(400);
    expect(body['errors']).toHaveLength(50);
    expect(body['detail']).toMatch(/first 50, and there are more/);
    expect(bytes).toBeLessThan(30_000);
    expect(
      (
        await post(
          '/items',
          Array.from({ length: 50 }, () => 1),
        )
      ).body['detail'],
    ).not.toMatch(/more/);
    expect(
      (
        await post(
          '/items',
          Array.from({ length: 51 }, () => 1),
        )
      ).body['errors'],
    ).toHaveLength(50);
  });

  it('with a name of half a megabyte is answered without it', async () => {
    const { status, bytes } = await post('/item', { ['n'.repeat(500_000)]: 1 });
    expect({ status, isShort: bytes < 1_000 }).toEqual({ status: 400, isShort: true });
  });

  it.each([
    [
      'eight times the unknown keys',
      (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`key${index}`, 1])),
    ],
    ['eight times the items', (count: number) => Array.from({ length: count }, () => ({ name: 'a' }))],
    [
      'eight times the properties that look harmless',
      (count: number) => ({ name: Array.from({ length: count }, () => 'a') }),
    ],
  ])('of %s takes less than twenty times as long', (_name, make) => {
    const pipe = new ValidationPipe();
    const cost = (value: unknown): number => {
      const started = process.cpuUsage();
      expect(() => pipe.transform(value, { type: 'body', metatype: ItemDto })).toThrow(
        'The request has invalid values',
      );
      const { user, system } = process.cpuUsage(started);
      return (user + system) / 1_000;
    };
    cost(make(10_000));
    // Below ten milliseconds the clock says little.
    const small = Math.max(cost(make(10_000)), 10);
    expect(cost(make(80_000))).toBeLessThan(small * 20);
    expect(cost(make(74_000))).toBeLessThan(100);
  });
});

describe('asynchronous validators', () => {
  it('run, in a body, in what it holds, and in an array', async () => {
    expect(await post('/slug', { slug: 'free' })).toMatchObject({ status: 200 });
    expect(await post('/slug', { slug: 'taken' })).toMatchObject(refused([{ pointer: '/slug', message: 'is taken' }]));
    expect(await post('/parent', { slugs: [{ slug: 'free' }, { slug: 'taken' }] })).toMatchObject(
      refused([{ pointer: '/slugs/1/slug', message: 'is taken' }]),
    );
    expect(await post('/slugs', [{ slug: 'taken' }, { slug: 1 }])).toMatchObject(
      refused([
        { pointer: '/0/slug', message: 'is taken' },
        { pointer: '/1/slug', message: 'must be a string' },
      ]),
    );
    expect(await post('/slugs', [{ slug: 'free' }])).toMatchObject({ status: 200, body: [{ slug: 'free' }] });
  });

  it('cost nothing where there are none: the answer is there at once', () => {
    expect(new ValidationPipe().transform({ name: 'a' }, { type: 'body', metatype: ItemDto })).toEqual(
      Object.assign(new ItemDto(), { name: 'a' }),
    );
  });
});

describe('an array as a body', () => {
  it('is validated item by item, unknown properties included', async () => {
    expect(await post('/items', [{ name: 'a' }])).toMatchObject({ status: 200, body: [{ name: 'a' }] });
    expect(await post('/items', [{ name: 'a' }, { name: 'b', admin: 1 }, 5])).toMatchObject(
      refused([
        { pointer: '/1/admin', message: 'is not an allowed property' },
        { pointer: '/2', message: 'must be a JSON object' },
      ]),
    );
    expect(await post('/items', { name: 'a' })).toMatchObject(refused([{ pointer: '', message: 'must be an array' }]));
  });

  it("works with Nest's ParseArrayPipe as well", async () => {
    expect(await post('/nest-items', [{ name: 'a' }])).toMatchObject({ status: 200 });
    expect(await post('/nest-items', [{ name: 5 }])).toMatchObject({ status: 400 });
  });

  it.each([
    ['whole', WholeController],
    ['in part', PartController],
  ])('whose items nobody knows stops the start, %s', async (_name, controller) => {
    const module = await Test.createTestingModule({ controllers: [controller] }).compile();
    expect(() => checkParameters(module)).toThrow(/its items would not be validated.*new DtoArrayPipe\(ItemDto\)/s);
  });
});

it('a part of a body has the type it was declared with', async () => {
  expect(await post('/part', { title: 'a', count: 2 })).toMatchObject({ status: 200, body: { title: 'a', count: 2 } });
  expect(await post('/part', { title: 'a', count: '2' })).toMatchObject(
    refused([{ pointer: '/count', message: 'must be a number' }]),
  );
  expect(await post('/part', { title: { $gt: '' }, count: 2 })).toMatchObject(
    refused([{ pointer: '/title', message: 'must be a string' }]),
  );
});

describe('a query', () => {
  it.each([
    ['tag=a', { tag: ['a'] }],
    ['tag=a,b', { tag: ['a,b'] }],
    ['tag=a&tag=b', { tag: ['a', 'b'] }],
    ['page=5', { page: 5 }],
    ['ratio=-0.5', { ratio: -0.5 }],
    ['done=true', { done: true }],
    ['done=false', { done: false }],
    ['typed=false', { typed: false }],
    ['ids=5', { ids: [5] }],
    ['ids=5&ids=6', { ids: [5, 6] }],
    ['own=yes', { own: true }],
    ['own=true', { own: true }],
    ['', {}],
  ])('?%s has the types its class declares', async (query, expected) => {
    expect(await get(`/list?${query}`)).toEqual({ status: 200, body: expected });
  });

  it.each([
    'page=abc',
    'page=',
    'page=1e1',
    'page=0x5',
    'page=11',
    'page=1.5',
    'page=5&page=6',
    'page=99999999999999999999',
    'done=1',
    'done=',
    'done=true&done=true',
    'ids=a',
    'kind=c',
    'kind=a&kind=b',
    'other=1',
    'tag[]=a',
  ])('?%s → 400', async (query) => {
    expect(await get(`/list?${query}`)).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
  });

  it('named one by one has the types its parameters declare', async () => {
    expect(await get('/named?page=3&done=false&tag=a,b&q=e%CC%81&since=2030-01-31T09:30:00Z')).toEqual({
      status: 200,
      body: { page: 3, done: false, tag: ['a,b'], q: 'é', since: '2030-01-31T09:30:00.000Z' },
    });
    expect(await get('/named?tag=a&tag=b')).toEqual({ status: 200, body: { tag: ['a', 'b'] } });
  });

  it.each([
    ['page=abc', '/query/page', 'must be a number such as 20'],
    ['page=1&page=2', '/query/page', 'must be given once'],
    ['done=yes', '/query/done', 'must be true or false'],
    ['q=a&q=b', '/query/q', 'must be given once'],
    ['since=yesterday', '/query/since', 'must be a date-time such as 2030-01-31T09:30:00Z'],
  ])('named one by one, ?%s → 400', async (query, pointer, message) => {
    expect(await get(`/named?${query}`)).toMatchObject(refused([{ pointer, message }]));
  });

  it("leaves parameters with a pipe of Nest's to that pipe", async () => {
    expect(await get('/piped?page=3&ids=1,2')).toEqual({ status: 200, body: { page: 3, ids: [1, 2] } });
    expect(await get('/piped?page=x&ids=1')).toMatchObject({ status: 400 });
  });
});

it('a number in the path is one, alone and in a class', async () => {
  expect(await get('/path/5')).toEqual({ status: 200, body: { id: 5 } });
  expect(await get('/path/x')).toMatchObject(
    refused([{ pointer: '/path/id', message: 'must be a number such as 20' }]),
  );
  expect(await get('/paths/5')).toEqual({ status: 200, body: { id: 5 } });
  expect(await get('/paths/x')).toMatchObject({ status: 400 });
});
