import { verifiedUser, type IsolatedRequest } from './isolation.options.ts';

const PROVEN = Symbol.for('session-guard:identity');
const request = (fields: object): IsolatedRequest => fields;

describe('verifiedUser', () => {
  it('is the user of the request where another guard put one', () => {
    expect(verifiedUser(request({ user: { id: 'ada' } }))).toBe('ada');
    expect(verifiedUser(request({}))).toBeUndefined();
  });

  it('is whom SessionGuard proved, whatever user another library keeps on the request', () => {
    expect(verifiedUser(request({ user: { id: 'theirs' }, [PROVEN]: { user: { id: 'ada' } } }))).toBe('ada');
    expect(verifiedUser(request({ user: { id: 'theirs' }, [PROVEN]: null }))).toBeUndefined();
  });
});
