import { createHash } from 'node:crypto';
import { digest } from '../verdicts/digest.ts';
import { concerns, parseRevocation } from './revocation.payload.ts';

<<<<<<< HEAD
const announced = (id: string) => createHash('sha256').update(id).digest('base64');

describe('parseRevocation', () => {
  it.each([
    [`s:${announced('s1')}`, { scope: 'session', key: digest('s1') }],
    [`u:${announced('u1')}`, { scope: 'user', key: digest('u1') }],
    ['all', { scope: 'all' }],
  ])('%s', (payload, revocation) => {
    expect(parseRevocation(payload)).toEqual(revocation);
  });

  it.each(['', 's', 's:', 'u:', 'x:abcd', 'S:abcd', 'anything'])('%j isn’t understood, so everything is revoked', (payload) => {
    expect(parseRevocation(payload)).toEqual({ scope: 'all' });
  });
});

describe('concerns', () => {
  it('the session by its id, the user by theirs, everybody by all', () => {
    expect(concerns({ scope: 'session', key: digest('s1') }, 's1', 'u1')).toBe(true);
    expect(concerns({ scope: 'user', key: digest('u1') }, 's1', 'u1')).toBe(true);
    expect(concerns({ scope: 'all' }, 's1', 'u1')).toBe(true);
    expect(concerns({ scope: 'session', key: digest('u1') }, 's1', 'u1')).toBe(false);
    expect(concerns({ scope: 'user', key: digest('s1') }, 's1', 'u1')).toBe(false);
=======
const digits = (id: string): string => createHash('sha256').update(id).digest('base64');

describe('a revocation', () => {
  it.each([
    ['s', 'session'],
    ['u', 'user'],
  ] as const)('%s: names one %s by its digest', (letter, scope) => {
    expect(parseRevocation(`${letter}:${digits('ada')}`)).toEqual({ scope, key: digest('ada') });
  });

  it.each([
    ['the word', 'all'],
    ['nothing', ''],
    ['no digest', 's:'],
    ['a digest that is too short', `s:${digits('ada').slice(4)}`],
    ['a digest with something behind', `u:${digits('ada')}x`],
    ['a digest with a line behind', `u:${digits('ada')}\n`],
    ['a digest with something before', ` s:${digits('ada')}`],
    ['another letter', `x:${digits('ada')}`],
    ['base64url', `s:${'-'.repeat(43)}=`],
    ['the longest notice there is', 's:'.padEnd(7_999, 'A')],
  ])('%s, which is understood as nothing less, revokes everything', (_what, payload) => {
    expect(parseRevocation(payload)).toEqual({ scope: 'all' });
  });

  it('concerns the session, or every session of the user, or everybody', () => {
    const of = (scope: 'session' | 'user', id: string) => concerns({ scope, key: digest(id) }, 'session-1', 'user-1');
    expect([of('session', 'session-1'), of('session', 'session-2'), of('user', 'user-1'), of('user', 'user-2')]).toEqual([true, false, true, false]);
    // An id of the other kind is no match, even where both are equal.
    expect([of('session', 'user-1'), of('user', 'session-1')]).toEqual([false, false]);
    expect(concerns({ scope: 'all' }, 'session-1', 'user-1')).toBe(true);
>>>>>>> cf3b4c0 (Take from the API's role what PostgreSQL gives everybody; bound what forged notices cost; tests for one-line changes nobody noticed)
  });
});
