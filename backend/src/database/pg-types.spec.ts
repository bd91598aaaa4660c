import pg from 'pg';
import { PG_TYPES } from './pg-types.ts';

const { builtins } = pg.types;
const read = (text: string): unknown => PG_TYPES.getTypeParser(builtins.TIMESTAMPTZ)(text);
const readByPg = (text: string): unknown => pg.types.getTypeParser(builtins.TIMESTAMPTZ)(text);

describe('PG_TYPES', () => {
  it.each([
    '2026-11-25 13:20:51.123+00',
    '2026-11-25 13:20:51+00',
    '2026-11-25 13:20:51.1+00',
    '2026-11-25 13:20:51.123456+00',
    '2026-11-25 13:20:51.999999+00',
    '1969-12-31 23:59:59.9995+00',
    '0099-01-01 00:00:00+00',
    '0044-03-15 12:00:00+00 BC',
    '10000-01-01 00:00:00+00',
    '2026-11-25 18:50:51.123+05:30',
    '2026-11-25 05:20:51-08',
    'infinity',
    '-infinity',
  ])('reads %s as pg does', (text) => {
    expect(read(text)).toEqual(readByPg(text));
    expect(readByPg(text)).toBeDefined();
  });

  it('leaves every other type to pg', () => {
    for (const oid of [builtins.DATE, builtins.TIMESTAMP, builtins.INT8, builtins.JSONB])
      expect(PG_TYPES.getTypeParser(oid)).toBe(pg.types.getTypeParser(oid));
    expect(PG_TYPES.getTypeParser(builtins.TIMESTAMPTZ, 'binary')).toBe(
      pg.types.getTypeParser(builtins.TIMESTAMPTZ, 'binary'),
    );
  });
});
