'use client';

import { useEffect } from 'react';
import type { PageApi } from '../../lib/api/page-api.ts';
import { usePageTasks } from '../tasks/tasks-context.tsx';
import { followTasks } from './follow-tasks.ts';

/**
 * Keeps the page true: changes made in another tab or on another device appear by themselves, and a session that ends
 * anywhere sends this browser to the sign-in page. Draws nothing.
 */
export function LiveUpdates({ api }: { api: PageApi }) {
  const { store } = usePageTasks();
  useEffect(() => {
    const stop = new AbortController();
    void followTasks(api, stop.signal, (event) => {
      if (event.type === 'session.ended') void api.check();
      else store.event(event);
    });
    return () => stop.abort();
  }, [api, store]);
  return null;
}
