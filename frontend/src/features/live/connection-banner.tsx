'use client';

import { RotateCw } from 'lucide-react';
import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import { Button } from '../../components/ui/button.tsx';
import { Notice } from '../../components/ui/notice.tsx';
import type { Connection } from '../../lib/api/connection.ts';
import { bounded } from '../../lib/api/page-api.ts';
import { useEntries, usePageTasks } from '../tasks/tasks-context.tsx';
import { usePageApi } from './page-providers.tsx';

const FINE: Connection = { state: 'fine' };

/** Pauses before each look whether the service is back, in milliseconds; the last one stays. */
const LOOK_AFTER_MS = [5_000, 10_000, 20_000, 30_000];

function subscribeOnline(listener: () => void) {
  window.addEventListener('online', listener);
  window.addEventListener('offline', listener);
  return () => {
    window.removeEventListener('online', listener);
    window.removeEventListener('offline', listener);
  };
}

function wordsOf(online: boolean, state: Connection['state'], waiting: number): string {
  const kept =
    waiting === 0
      ? ''
      : waiting === 1
        ? ' One change is kept and saved then.'
        : ` ${waiting} changes are kept and saved then.`;
  if (!online) {
    return `You’re offline. What you see may be old, and changes can’t be saved until you’re back.${kept}`;
  }
  if (state === 'unavailable')
    return `The service can’t answer right now. Your tasks are safe; changes can’t be saved until it does.${kept}`;
  return `There’s no answer from the service. Changes can’t be saved until there is.${kept}`;
}

/**
 * Says plainly that the page can't reach the service, and why as far as it is known. Looks again by itself, and when
 * asked to. Lies over the page, so that nothing moves when it comes and goes.
 */
export function ConnectionBanner() {
  const { client, connection } = usePageApi();
  const { store } = usePageTasks();
  const waiting = useEntries().filter(({ state }) => state !== 'failed').length;
  const { state } = useSyncExternalStore(
    (listener) => connection.subscribe(listener),
    () => connection.get(),
    () => FINE,
  );
  const online = useSyncExternalStore(
    subscribeOnline,
    () => navigator.onLine,
    () => true,
  );
  const [trying, setTrying] = useState(false);
  const isFine = online && state === 'fine';

  const look = useCallback(async () => {
    // Its outcome shows in the connection's state.
    await client.GET('/api/me', { signal: bounded() }).catch(() => undefined);
  }, [client]);

  useEffect(() => {
    if (isFine) return store.wake();
    let timer: ReturnType<typeof setTimeout>;
    const lookLater = (tries: number) => {
      timer = setTimeout(
        () => void look().then(() => lookLater(tries + 1)),
        LOOK_AFTER_MS[Math.min(tries, LOOK_AFTER_MS.length - 1)],
      );
    };
    lookLater(0);
    return () => clearTimeout(timer);
  }, [isFine, look, store]);

  useEffect(() => {
    // Back on the network: the service is likely to be back too.
    const retry = () => void look();
    window.addEventListener('online', retry);
    return () => window.removeEventListener('online', retry);
  }, [look]);

  if (isFine) return null;

  async function retry() {
    setTrying(true);
    await look();
    setTrying(false);
  }

  return (
    // Over the page rather than in it: what somebody is about to press stays where it is.
    <div className="pointer-events-none fixed inset-x-0 top-16 z-30 mx-auto max-w-4xl px-4 sm:px-6">
      <Notice
        tone="warn"
        className="pointer-events-auto shadow-card"
        action={
          <Button variant="secondary" size="sm" pending={trying} onClick={() => void retry()}>
            <RotateCw aria-hidden className="size-4" />
            Try again
          </Button>
        }
      >
        {wordsOf(online, state, waiting)}
      </Notice>
    </div>
  );
}
