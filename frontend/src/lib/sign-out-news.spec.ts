import { bindPage } from './page-account.ts';
import { onSignOut, tellSignOut } from './sign-out-news.ts';

describe('the news that somebody signed out by choice', () => {
  const alice = { key: 'alice', name: 'Alice' };
  let heard: string[];
  let ends: (() => void)[];
  beforeEach(() => {
    heard = [];
    ends = [bindPage(alice), onSignOut(() => heard.push('page'))];
  });
  afterEach(() => {
    for (const end of ends) end();
  });

  /** Another tab of this browser, and what it hears last of all. */
  async function tabSays(...keys: unknown[]): Promise<void> {
    const tab = new BroadcastChannel('session-guard.signed-out');
    const last = new BroadcastChannel('session-guard.signed-out');
    ends.push(
      () => tab.close(),
      () => last.close(),
    );
    const arrived = new Promise<void>((resolve) => {
      last.addEventListener('message', ({ data }: MessageEvent<unknown>) => data === 'the end' && resolve());
    });
    for (const key of [...keys, 'the end']) tab.postMessage(key);
    await arrived;
  }

  it('reaches this page before it leaves, and tabs of the account', async () => {
    tellSignOut();
    expect(heard).toEqual(['page']);
    await tabSays('alice');
    expect(heard.length).toBeGreaterThan(1);
  });

  it('is none of another account’s affair', async () => {
    await tabSays('bob', undefined);
    expect(heard).toEqual([]);
  });

  it('is heard by nobody who stopped listening', async () => {
    ends[1]?.();
    tellSignOut();
    await tabSays('alice');
    expect(heard).toEqual([]);
  });
});
