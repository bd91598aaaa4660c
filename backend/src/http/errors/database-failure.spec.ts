import { QueryFailedError } from 'typeorm';
import { databaseFailure, sqlState, withoutLiterals } from './database-failure.ts';

it.each([
  ["select * from note where title = 'mine' limit 20", "select * from note where title = '?' limit ?"],
  ["select 'it''s', E'a\\'b', $tag$c$tag$, $$d$$", "select '?', '?', '?', '?'"],
  ['update t2 set a1 = $1, b = 1.5e3\n\twhere "c" = -7', 'update t2 set a1 = $1, b = ? where "c" = -?'],
  ["insert into t values ('it's mine', 'x')", 'insert into t values (…'],
  ["select 'mine", 'select …'],
  ['select $$a b$$, $x$c $$ d$x$, $$$$', "select '?', '?', '?'"],
  ['  select 12.34, 1e10, 1E+12, .5, x1, t.2\n', 'select ?, ?, ?, ?, x1, t.2'],
])('literals are struck out of %j', (sql, struck) => {
  expect(withoutLiterals(sql)).toBe(struck);
});

it('a long statement is cut', () => {
  expect(withoutLiterals(`select ${'a, '.repeat(5_000)}`)).toHaveLength(2_000);
});

it('a failure is found through wrappers, and nothing of its message or parameters comes with it', () => {
  const driver = Object.assign(new Error('Key (title)=(mine) already exists'), {
    code: '23505',
    detail: 'Key (title)=(mine) already exists',
    where: "parameter $1 = 'mine'",
    table: 'note',
    constraint: 'note_title',
  });
  const wrapped = new Error('wrapped', {
    cause: new QueryFailedError('insert into note values ($1)', ['mine'], driver),
  });
  expect(databaseFailure(wrapped)).toStrictEqual({
    sqlState: '23505',
    table: 'note',
    constraint: 'note_title',
    statement: 'insert into note values ($1)',
  });
});

it('what isn’t named, or not by text, is left out', () => {
  const error = Object.assign(new Error('x'), { code: '23505', table: '', column: 5, schema: 'app', query: '' });
  expect(databaseFailure(error)).toStrictEqual({ sqlState: '23505', schema: 'app' });
});

it('the code is found in what TypeORM wrapped, in a cause and among several, and a circle has an end', () => {
  const driver = Object.assign(new Error('x'), { code: '40001' });
  const wrapped = Object.assign(new Error('x'), { driverError: driver });
  const several = new AggregateError([new Error('x'), driver]);
  for (const error of [driver, wrapped, new Error('x', { cause: driver }), several])
    expect(sqlState(error)).toBe('40001');
  const circle = new Error('x');
  circle.cause = circle;
  expect(sqlState(circle)).toBeUndefined();
});

it.each(['EPIPE', 'EPERM', 'ECONNREFUSED', 'FST_ERR', '12'])('the code %s is no SQLSTATE', (code) => {
  expect(sqlState(Object.assign(new Error('x'), { code }))).toBeUndefined();
});
