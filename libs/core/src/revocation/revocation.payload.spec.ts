import { createHash } from 'node:crypto';
import { digest } from '../memory/digest.ts';
import { concerns, parseRevocation } from './revocation.payload.ts';

const announced = (id: string) => createHash('sha256').update(id).digest('base64');

describe('parseRevocation', () => {
  it.each([
    [`s:${announced('s1')}`, { scope: 'session', key: digest('s1') }],
    [`u:${announced('u1')}`, { scope: 'user', key: digest('u1') }],
    ['all', { scope: 'all' }],
  ])('%s', (payload, revocation) => {
    expect(parseRevocation(payload)).toEqual(revocation);
  });

  it.each([
    '',
    's',
    's:',
    'u:',
    'x:abcd',
    'S:abcd',
    'anything',
    `s:${announced('s1').slice(4)}`,
    `u:${announced('u1')}x`,
    `u:${announced('u1')}\n`,
    ` s:${announced('s1')}`,
    `s:${'-'.repeat(43)}=`,
    's:'.padEnd(7_999, 'A'),
  ])('%j isn’t understood, so everything is revoked', (payload) => {
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
  });
});
