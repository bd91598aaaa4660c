import { OwnerBusyError } from '@session-guard/isolation';
import { QueryFailedError } from 'typeorm';
import { databaseFailure } from './database-failure.ts';
import { databaseProblem, isStillReferred } from './database-problem.ts';

/** An error as TypeORM throws it. */
function failed(
  code: string,
  { statement = 'insert into note values ($1)', message = 'x', ...facts }: Record<string, string> = {},
): Error {
  return new QueryFailedError(statement, [], Object.assign(new Error(message), { code, ...facts }));
}

const outcome = (error: unknown) => {
  const found = databaseProblem(error);
  return found && `${found.status} ${found.code}`;
};

it.each([
  ['22001', '400 validation_failed'],
  ['22P02', '400 validation_failed'],
  ['23502', '400 validation_failed'],
  ['23514', '400 validation_failed'],
  ['44000', '400 validation_failed'],
  ['54000', '400 validation_failed'],
  ['54001', '400 validation_failed'],
  ['23503', '422 unknown_reference'],
  ['23001', '409 conflict'],
  ['23505', '409 conflict'],
  ['23P01', '409 conflict'],
  ['25P03', '503 time_limit'],
  ['25P04', '503 time_limit'],
  ['57014', '503 time_limit'],
  ['40001', '503 transaction_conflict'],
  ['40P01', '503 transaction_conflict'],
  ['55P03', '503 transaction_conflict'],
  ['08006', '503 database_unavailable'],
  ['53300', '503 database_unavailable'],
  ['57P01', '503 database_unavailable'],
])('%s is %s', (code, expected) => {
  expect(outcome(failed(code))).toBe(expected);
  expect(databaseProblem(failed(code))?.detail).toMatch(/^[A-Z].*\w\.$/);
});

it.each(['42601', '42P01', '42501', '21000', '54011', '25001'])(
  '%s is our fault, and no problem of the client’s',
  (code) => {
    expect(databaseProblem(failed(code))).toBeUndefined();
  },
);

it('nothing of PostgreSQL’s message is in a problem', () => {
  expect(
    JSON.stringify(databaseProblem(failed('23505', { message: 'Key (title)=(mine)', detail: 'mine' }))),
  ).not.toContain('mine');
});

it('what is no error of the database is no problem of it', () => {
  expect([databaseProblem(new Error('x')), databaseProblem('x'), databaseProblem(undefined)]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

it('a row that a policy refused is forbidden', () => {
  const refused = failed('42501', { routine: 'ExecWithCheckOptions' });
  expect(outcome(refused)).toBe('403 forbidden');
  expect(databaseProblem(refused)?.detail).toBe('A row like this is not yours to write.');
});

it('the same row twice in one upsert is a conflict; elsewhere two rows for one are our fault', () => {
  expect(
    outcome(failed('21000', { statement: 'insert into note values ($1) ON CONFLICT (id) do update set a = 1' })),
  ).toBe('409 conflict');
  expect(outcome(failed('21000', { statement: 'select (select id from note)' }))).toBeUndefined();
});

it('too many requests of one user are told apart from a database that is away', () => {
  const busy = Object.create(OwnerBusyError.prototype) as OwnerBusyError;
  expect(outcome(new Error('wrapped', { cause: busy }))).toBe('503 too_many_at_once');
});

it('a row that others refer to is a conflict, and a reference to nothing is none', () => {
  const refused = failed('23503', { table: 'comment', statement: 'delete from note' });
  expect(databaseProblem(refused)).toMatchObject({ status: 409, detail: expect.stringContaining('still refers') });
});

describe('isStillReferred', () => {
  const isReferred = (error: Error): boolean => {
    const failure = databaseFailure(error);
    return failure !== undefined && isStillReferred(failure, error);
  };

  it.each([
    ['delete from note where id = $1', true],
    ['DELETE FROM ONLY "app"."note" WHERE id = $1', true],
    ['update note set id = $1', true],
    ['update "app"."comment" set note_id = $1', false],
    ['update only comment set note_id = $1', false],
    ['update app.comment set note_id = $1', false],
    ['update comment set is_deleted = true', false],
    // Comments may refer to comments.
    ['delete from comment where id = $1', true],
    ['insert into comment values ($1)', false],
    ['with seen as (update note set read = true) insert into comment values ($1)', false],
  ])('%s: %s, where the comments refer to the notes', (statement, expected) => {
    expect(isReferred(failed('23503', { statement, table: 'comment' }))).toBe(expected);
  });

  it('PostgreSQL’s own word counts, whatever the statement', () => {
    expect(isReferred(failed('23503', { message: 'update or delete on table "note" violates …' }))).toBe(true);
    const refused = failed('23503', { message: 'update or delete on table "note" violates …' });
    expect(isReferred(new Error('wrapped', { cause: refused }))).toBe(true);
    expect(isReferred(failed('23001'))).toBe(true);
    expect(isReferred(failed('23505', { statement: 'delete from note' }))).toBe(false);
  });
});
