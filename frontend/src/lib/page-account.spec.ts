import { accountKey, refuseOtherAccount } from '../server/auth/page-account.ts';
import {
  bindPage,
  noteOtherAccount,
  otherAccount,
  PAGE_ACCOUNT_HEADER,
  pageAccount,
  subscribeToAccount,
} from './page-account.ts';

const alice = { key: 'alice', name: 'Alice' };
const bob = { key: 'bob', name: 'Bob' };

describe('A page and the account it was made for', () => {
  let release: (() => void)[] = [];
  afterEach(() => {
    for (const one of release) one();
    release = [];
  });

  it('hears of another account from another tab', async () => {
    release.push(bindPage(alice));
    const told = new Promise<void>((resolve) => release.push(subscribeToAccount(resolve)));
    const tab = new BroadcastChannel('session-guard.account');
    release.push(() => tab.close());
    tab.postMessage(bob);
    await told;
    expect(otherAccount()).toEqual(bob);
    expect(pageAccount()).toEqual(alice);
  });

  it('isn’t disturbed by another tab of its own account', () => {
    release.push(bindPage(alice));
    noteOtherAccount({ ...alice, name: 'Alice B.' });
    expect(otherAccount()).toBeUndefined();
  });

  it('keeps the name it knows when the same change is noticed once more without one', () => {
    release.push(bindPage(alice));
    noteOtherAccount(bob);
    noteOtherAccount('somebody');
    expect(otherAccount()).toEqual(bob);
  });

  it('begins anew with the next account', () => {
    release.push(bindPage(alice));
    noteOtherAccount('somebody');
    expect(otherAccount()).toBe('somebody');
    release.push(bindPage(bob));
    expect(otherAccount()).toBeUndefined();
  });
});

describe('The server, asked by a page', () => {
  const session = (id: string, impersonatedBy: string | null = null) => ({
    user: { id, name: 'Somebody' },
    session: { impersonatedBy },
  });
  const from = (key: string) => new Headers({ [PAGE_ACCOUNT_HEADER]: key });

  it('refuses what a page of another account asks', async () => {
    const refusal = await refuseOtherAccount(from('alice'), async () => session('bob'));
    expect(refusal?.status).toBe(409);
    expect(await refusal?.json()).toMatchObject({ code: 'ACCOUNT_CHANGED' });
  });

  it('tells a person from an administrator who acts as them', async () => {
    expect(accountKey(session('alice', 'root'))).not.toBe(accountKey(session('alice')));
    expect((await refuseOtherAccount(from('alice'), async () => session('alice', 'root')))?.status).toBe(409);
  });

  it('lets the page of the signed-in account go on', async () => {
    expect(await refuseOtherAccount(from('alice'), async () => session('alice'))).toBeUndefined();
  });

  it('leaves it to the route when nobody is signed in', async () => {
    expect(await refuseOtherAccount(from('alice'), async () => null)).toBeUndefined();
  });

  it('looks for no session when the request names no account', async () => {
    const find = jest.fn(async () => session('bob'));
    expect(await refuseOtherAccount(new Headers(), find)).toBeUndefined();
    expect(find).not.toHaveBeenCalled();
  });
});
