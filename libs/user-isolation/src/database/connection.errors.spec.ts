import pg from 'pg';
import { ForbiddenStatementError } from '../isolation.error.ts';
import { explained, isConnectionEnded, isPlanOutdated, leavesUsable } from './connection.errors.ts';

const refused = (code: string, message = 'refused'): Error =>
  Object.assign(new pg.DatabaseError(message, message.length, 'error'), { code });
const ofNetwork = (code: string): Error => Object.assign(new Error(`read ${code}`), { code });

it.each([
  ['a statement PostgreSQL refused', refused('23505'), { usable: true, ended: false }],
  ['a statement PostgreSQL cancelled', refused('57014'), { usable: true, ended: false }],
  ['a date out of range', refused('22008'), { usable: true, ended: false }],
  ['a backend that was terminated', refused('57P01'), { usable: false, ended: true }],
  ['a crash', refused('57P02'), { usable: false, ended: true }],
  ['a server that shuts down', refused('57P03'), { usable: false, ended: true }],
  ['a session that idled too long', refused('57P05'), { usable: false, ended: true }],
  ['a failure of the protocol', refused('08P01'), { usable: false, ended: true }],
  ['an end without a word', new Error('Connection terminated unexpectedly'), { usable: false, ended: true }],
  [
    'a statement after such an end',
    new Error('Client has encountered a connection error and is not queryable'),
    { usable: false, ended: true },
  ],
  ['a reset by the network', ofNetwork('ECONNRESET'), { usable: false, ended: true }],
  ['a write into a closed socket', ofNetwork('EPIPE'), { usable: false, ended: true }],
  ['a server that isn’t there', ofNetwork('ECONNREFUSED'), { usable: false, ended: false }],
  ['an answer that took too long', new Error('Query read timeout'), { usable: false, ended: false }],
  [
    'a connection that took too long',
    new Error('Connection terminated due to connection timeout'),
    { usable: false, ended: false },
  ],
  ['what is no error', 'Connection terminated unexpectedly', { usable: false, ended: false }],
])('%s', (_name, error, { usable, ended }) => {
  expect({ usable: leavesUsable(error), ended: isConnectionEnded(error) }).toEqual({ usable, ended });
});

it('a plan is outdated when PostgreSQL says so, and only then', () => {
  expect(['0A000', '26000', '42P01', '57P01'].map((code) => isPlanOutdated(refused(code)))).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect(isPlanOutdated(ofNetwork('26000'))).toBe(false);
});

describe('explained', () => {
  it('several statements in one string are refused with what to write instead', () => {
    const error = explained(refused('42601', 'cannot insert multiple commands into a prepared statement'));
    expect(error).toBeInstanceOf(ForbiddenStatementError);
    expect((error as Error).message).toMatch(/^There are several statements.*Send each.*isolation\.transaction/);
  });

  it('a statement after one that failed keeps its code and names the cause', () => {
    expect(explained(refused('25P02'))).toMatchObject({
      code: '25P02',
      message: expect.stringMatching(/earlier statement .* failed/),
    });
  });

  it.each([
    refused('42601', 'syntax error'),
    refused('23505', 'multiple commands'),
    new Error('multiple commands'),
    Object.assign(new Error('multiple commands'), { code: '42601' }),
  ])('%s stays as it is', (error) => {
    const { message } = error;
    expect(explained(error)).toBe(error);
    expect(error.message).toBe(message);
  });
});
