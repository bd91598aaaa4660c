import { PAGE_ACCOUNT_HEADER } from '../../lib/page-account.ts';
import { accountKey, pageAccountOf, refuseOtherAccount } from './page-account.ts';

const ada = { user: { id: 'ada', name: 'Ada' }, session: {} };
const adminAsAda = { ...ada, session: { impersonatedBy: 'root' } };
const asking = (key?: string) => new Headers(key === undefined ? {} : { [PAGE_ACCOUNT_HEADER]: key });

it('an account is named by its user; an administrator who acts as somebody is not that somebody', () => {
  expect([accountKey(ada), accountKey({ ...ada, session: { impersonatedBy: null } }), accountKey(adminAsAda)]).toEqual([
    'ada',
    'ada',
    'ada:impersonated',
  ]);
  expect(pageAccountOf(adminAsAda)).toEqual({ key: 'ada:impersonated', name: 'Ada' });
});

describe('refuseOtherAccount', () => {
  it('refuses what a page asks in the name of another account than the one that is signed in', async () => {
    for (const [stated, found] of [
      ['grace', ada],
      ['ada', adminAsAda],
      ['ada:impersonated', ada],
      ['', ada],
    ] as const) {
      const refusal = await refuseOtherAccount(asking(stated), async () => found);
      expect([refusal?.status, refusal?.headers.get('cache-control')]).toEqual([409, 'no-store']);
      expect(await refusal?.json()).toMatchObject({ code: 'ACCOUNT_CHANGED' });
    }
  });

  it('lets the page’s own account go on, and whoever is signed out, who has nothing to act with', async () => {
    expect(await refuseOtherAccount(asking('ada'), async () => ada)).toBeUndefined();
    expect(await refuseOtherAccount(asking('ada:impersonated'), async () => adminAsAda)).toBeUndefined();
    expect(await refuseOtherAccount(asking('ada'), async () => null)).toBeUndefined();
  });

  it('asks for no session where the request doesn’t say whose page it comes from', async () => {
    const find = jest.fn();
    expect(await refuseOtherAccount(asking(), find)).toBeUndefined();
    expect(find).not.toHaveBeenCalled();
  });
});
