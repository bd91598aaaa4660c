import { pageAccount } from './page-account.ts';

/** Tabs tell each other here that an account signed out by choice. */
const CHANNEL = 'session-guard.signed-out';

const listeners = new Set<() => void>();

/** Says in every tab of this browser that this page's account signed out by choice, or is gone for good. */
export function tellSignOut(): void {
  for (const listener of listeners) listener();
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage(pageAccount()?.key);
  channel.close();
}

/**
 * Hears that this page's account signed out by choice, here or in another tab. A session that merely ended is no
 * such news.
 *
 * @returns what ends it
 */
export function onSignOut(listener: () => void): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (data !== undefined && data === pageAccount()?.key) listener();
  });
  listeners.add(listener);
  return () => {
    channel.close();
    listeners.delete(listener);
  };
}
