import { ForbiddenStatementError } from '../isolation.error.ts';
import { cleanupAfter, refuseLasting, refuseTransactionControl } from './session.statements.ts';

describe('what a statement leaves on its connection', () => {
  it.each(['set local x = 1', ' -- why\n/* so */ SET  TRANSACTION read only', 'set constraints all deferred'])(
    'nothing: %s',
    (sql) => {
      expect(cleanupAfter(sql)).toBe('nothing');
    },
  );

  it.each(['prepare mine as select 1', '/* a */ PREPARE\nmine as select 1'])(
    'what only an end of the connection removes: %s',
    (sql) => {
      expect(cleanupAfter(sql)).toBe('close');
    },
  );

  it.each([
    'select 1',
    `prepare transaction 'x'`,
    'select local from "set local x"',
    'update note set local = 1',
    'preparement',
    'setlocal x',
  ])('something that can be cleared: %s', (sql) => expect(cleanupAfter(sql)).toBe('clear'));
});

describe('what would stay on the connection', () => {
  it.each([
    ['set x = 1', 'SET LOCAL'],
    ['SET\tSESSION x = 1', 'SET LOCAL'],
    ['set localised.x = 1', 'SET LOCAL'],
    ['/* a */ -- b\n reset x', 'SET LOCAL'],
    ['discard plans', 'SET LOCAL'],
    [`select set_config('a.b', 'c', false)`, 'Say true'],
    [`select set_config ( 'a.b', 'c' ,'f' )`, 'Say true'],
    ['unlisten *', 'pg.Client'],
    [`load 'auto_explain'`, 'pg.Client'],
    ['deallocate prepare all', 'Name the statement'],
    ['create temp table a (b int)', 'ON COMMIT DROP'],
    ['create global temporary table a (b int)', 'ON COMMIT DROP'],
    ['create temp view a as select 1', 'ON COMMIT DROP'],
    ['create temp table a (b int) on commit delete rows', 'ON COMMIT DROP'],
    ['select pg_advisory_lock(1)', 'pg_advisory_xact_lock'],
    ['select PG_TRY_ADVISORY_LOCK_SHARED (1)', 'pg_advisory_xact_lock'],
    ['declare a cursor\nwith  hold for select 1', 'A cursor without it'],
  ])('%s is refused, and what to write instead is said', (sql, instead) => {
    expect(() => refuseLasting(sql)).toThrow(ForbiddenStatementError);
    expect(() => refuseLasting(sql)).toThrow(instead);
    expect(() => refuseLasting(sql)).toThrow(/^\w.* would stay on the connection, which serves others next\. \w/);
  });

  it.each([
    'set local x = 1',
    'set transaction read only',
    'set constraints all immediate',
    'settle',
    `select set_config('a.b', 'c', true)`,
    'update note set body = $1',
    `select 'a' from reset`,
    'deallocate mine',
    'create table temp (id int)',
    'create temporary table a on commit  drop as select 1',
    'select pg_advisory_xact_lock(1)',
    'declare a cursor for select 1',
    'loaded',
  ])('%s is allowed', (sql) => {
    expect(() => refuseLasting(sql)).not.toThrow();
  });
});

describe('transactions by SQL', () => {
  it.each([
    'begin',
    'Start  Transaction isolation level serializable',
    'commit and chain',
    'end',
    'rollback',
    'rollback work',
    'abort',
    `/* a */ prepare transaction 'x'`,
    `commit prepared 'x'`,
  ])('%s is refused', (sql) => {
    expect(() => refuseTransactionControl(sql)).toThrow(
      /^A transaction is not begun or ended by SQL.*isolation\.transaction/,
    );
  });

  it.each([
    'savepoint a',
    'release a',
    'rollback to a',
    'rollback work to savepoint a',
    'ROLLBACK TRANSACTION TO a',
    'beginning',
    'select 1 as begin',
    'prepare a as select 1',
  ])('%s is allowed', (sql) => expect(() => refuseTransactionControl(sql)).not.toThrow());
});
