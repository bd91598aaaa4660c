'use client';

import { useQueryClient } from '@tanstack/react-query';
import { RotateCw } from 'lucide-react';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { Button } from '../../components/ui/button.tsx';
import { Notice } from '../../components/ui/notice.tsx';
import type { Connection } from '../../lib/api/connection.ts';
import { bounded } from '../../lib/api/page-api.ts';
import { usePageApi } from './page-providers.tsx';

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

  if (online && state.state === 'fine') return null;
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
    <div className="mx-auto max-w-4xl px-4 pt-4 sm:px-6">
      <Notice
        tone="warn"
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
