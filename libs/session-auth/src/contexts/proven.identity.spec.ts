import type { GuardedRequest, Identity } from '../auth.types.ts';
import { prove, proveNobody, provenIdentity } from './proven.identity.ts';

const identity = (id: string): Identity => ({ user: { id }, session: { id: `session of ${id}` } }) as Identity;
const requestWith = (own: object = {}): GuardedRequest =>
  Object.assign(Object.create({ headers: {} }) as GuardedRequest, own);

describe('what the guard proved', () => {
  it('is undefined before it ran, whose it is afterwards, and null for nobody', () => {
    const request = requestWith();
    expect(provenIdentity(request)).toBeUndefined();
    prove(request, identity('ada'));
    expect(provenIdentity(request)).toEqual(identity('ada'));
    proveNobody(request);
    expect(provenIdentity(request)).toBeNull();
  });

  it('is shown on a request of ours alone, follows from message to message, and is taken back', () => {
    const request = requestWith();
    for (const name of ['ada', 'grace']) {
      prove(request, identity(name));
      expect(request).toMatchObject(identity(name));
    }
    proveNobody(request);
    expect(['user' in request, 'session' in request]).toEqual([false, false]);
  });

  it('takes a place that is kept free, on the request or its prototype', () => {
    const free = Object.assign(Object.create({ headers: {}, session: null }) as GuardedRequest, { user: undefined });
    prove(free, identity('ada'));
    expect(free).toMatchObject(identity('ada'));
  });

  it('leaves another’s user and session where they are, whatever happens', () => {
    const theirs = { user: { id: 'theirs' }, session: { basket: [] } };
    const request = requestWith(theirs);
    prove(request, identity('ada'));
    proveNobody(request);
    prove(request, identity('grace'));
    expect([request.user, request.session]).toEqual([theirs.user, theirs.session]);
    expect(provenIdentity(request)?.user.id).toBe('grace');
  });

  it('leaves what another put in our place since', () => {
    const request = requestWith();
    prove(request, identity('ada'));
    const theirs = { id: 'theirs' };
    Object.assign(request, { user: theirs });
    prove(request, identity('grace'));
    expect(request.user).toBe(theirs);
    proveNobody(request);
    expect(request.user).toBe(theirs);
  });

  it('hands nothing to an accessor, even one that says null', () => {
    const given: unknown[] = [];
    const request = requestWith();
    Object.defineProperty(request, 'session', {
      get: () => null,
      set: (value) => {
        given.push(value);
      },
      configurable: true,
    });
    prove(request, identity('ada'));
    proveNobody(request);
    expect(given).toEqual([]);
  });
});
