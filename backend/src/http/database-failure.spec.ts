import { QueryFailedError } from 'typeorm';
import { databaseFailure, sqlState, withoutLiterals } from './database-failure.ts';

test.each([
  ["select * from note where title = 'mine' limit 20", "select * from note where title = '?' limit ?"],
  ["select 'it''s', E'a\\'b', $tag$c$tag$, $$d$$", "select '?', '?', '?', '?'"],
  ['update t2 set a1 = $1, b = 1.5e3\n\twhere "c" = -7', 'update t2 set a1 = $1, b = ? where "c" = -?'],
  ["insert into t values ('it's mine', 'x')", 'insert into t values (…'],
  ["select 'mine", 'select …'],
])('literals are struck out of %j', (sql, struck) => {
  expect(withoutLiterals(sql)).toBe(struck);
});

test('a long statement is cut', () => {
  expect(withoutLiterals(`select ${'a, '.repeat(5_000)}`)).toHaveLength(2_000);
});

test('a failure is found through wrappers, and nothing of its message or parameters comes with it', () => {
  const driver = Object.assign(new Error('Key (title)=(mine) already exists'), {
    code: '23505',
    detail: 'Key (title)=(mine) already exists',
    where: "parameter $1 = 'mine'",
    table: 'note',
    constraint: 'note_title',
  });
  const wrapped = new Error('wrapped', { cause: new QueryFailedError('insert into note values ($1)', ['mine'], driver) });
  expect(databaseFailure(wrapped)).toEqual({ sqlState: '23505', table: 'note', constraint: 'note_title', statement: 'insert into note values ($1)' });
});

test.each(['EPIPE', 'EPERM', 'ECONNREFUSED', 'FST_ERR', '12'])('the code %s is no SQLSTATE', (code) => {
  expect(sqlState(Object.assign(new Error('x'), { code }))).toBeUndefined();
});
