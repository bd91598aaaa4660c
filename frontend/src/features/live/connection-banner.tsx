'use client';

import { useQueryClient } from '@tanstack/react-query';
import { RotateCw } from 'lucide-react';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { Button } from '../../components/ui/button.tsx';
import { Notice } from '../../components/ui/notice.tsx';
import type { Connection } from '../../lib/api/connection.ts';
import { bounded } from '../../lib/api/page-api.ts';
import { usePageApi } from './page-providers.tsx';

/** Seconds until it looks again by itself, where the service named none; doubled each time. */
const FIRST_LOOK_S = 2;
const LONGEST_WAIT_S = 30;

const FINE: Connection = { state: 'fine' };

function subscribeOnline(listener: () => void) {
  window.addEventListener('online', listener);
  window.addEventListener('offline', listener);
  return () => {
    window.removeEventListener('online', listener);
    window.removeEventListener('offline', listener);
  };
}

/** Says plainly that the page can't reach the service, why as far as it is known, and lets one try again. */
export function ConnectionBanner() {
  const api = usePageApi();
  const { connection } = api;
  const queryClient = useQueryClient();
  const state = useSyncExternalStore(
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

  useEffect(() => {
    // Back on the network: look again without being asked.
    const retry = () => void queryClient.refetchQueries({ type: 'active' });
    window.addEventListener('online', retry);
    return () => window.removeEventListener('online', retry);
  }, [queryClient]);

  const away = !online || state.state !== 'fine';
  const wait = state.state === 'unavailable' ? state.retryAfter : undefined;
  useEffect(() => {
    if (!away || !online) return;
    // Looks again by itself, less and less often; what answers ends it.
    let delay = (wait ?? FIRST_LOOK_S) * 1000;
    let timer = setTimeout(() => void look(), delay);
    async function look() {
      await api.client.GET('/api/me', { signal: bounded() }).catch(() => undefined);
      if (connection.get().state === 'fine') {
        void queryClient.refetchQueries({ type: 'active' });
        return;
      }
      delay = Math.min(delay * 2, LONGEST_WAIT_S * 1000);
      timer = setTimeout(() => void look(), delay);
    }
    return () => clearTimeout(timer);
  }, [away, online, wait, api, connection, queryClient]);

  if (!away) return null;
  const text = !online
    ? 'You’re offline. What you see may be old, and changes can’t be saved.'
    : state.state === 'unavailable'
      ? 'The service can’t answer right now. Your tasks are safe; changes can’t be saved for the moment.'
      : 'There’s no answer from the service. Changes can’t be saved for the moment.';

  async function retry() {
    setTrying(true);
    const ping = api.client.GET('/api/me', { signal: bounded() });
    await Promise.allSettled([ping, queryClient.refetchQueries({ type: 'active' })]);
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
        {text}
      </Notice>
    </div>
  );
}
