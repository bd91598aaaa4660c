'use client';

import { NuqsAdapter } from 'nuqs/adapters/next/app';
import { createContext, useContext, useEffect, useState, type ReactNode } from 'react';
import { createPageApi, type PageApi } from '../../lib/api/page-api.ts';
import { depart, isDeparting } from '../../lib/departure.ts';
import { signInPath } from '../../lib/next-path.ts';
import { bindPage, noteOtherAccount, type PageAccount } from '../../lib/page-account.ts';
import { TasksProvider } from '../tasks/tasks-context.tsx';
import { LiveUpdates } from './live-updates.tsx';
import { Toasts } from './toasts.tsx';

const ApiContext = createContext<PageApi | undefined>(undefined);

/** The API of this page. @throws outside `PageProviders` */
export function usePageApi(): PageApi {
  const api = useContext(ApiContext);
  if (!api) throw new Error('usePageApi needs PageProviders around it.');
  return api;
}

/** Goes to sign in and back here afterwards; once, however many calls find out at the same time. */
function leave(): void {
  depart(signInPath(window.location.pathname + window.location.search, 'ended'));
}

/** Another account is signed in in this browser now; while this page is leaving, that is its own doing. */
function onOtherAccount(): void {
  if (!isDeparting()) noteOtherAccount('somebody');
}

interface PageProvidersProps {
  apiUrl: string;
  userId: string;
  account: PageAccount;
  children: ReactNode;
}

/** Everything a signed-in page stands on: the API, the tasks, the state in the URL, live updates and toasts. */
export function PageProviders({ apiUrl, userId, account, children }: PageProvidersProps) {
  const [api] = useState(() => createPageApi({ baseUrl: apiUrl, userId, leave, otherAccount: onOtherAccount }));

  const { key, name } = account;
  useEffect(() => bindPage({ key, name }), [key, name]);

  useEffect(() => {
    // A page brought back from the browser's memory may belong to someone who has signed out since.
    const onShow = (event: PageTransitionEvent) => {
      if (event.persisted) window.location.reload();
    };
    window.addEventListener('pageshow', onShow);
    return () => window.removeEventListener('pageshow', onShow);
  }, []);

  return (
    <ApiContext value={api}>
      <TasksProvider api={api} userId={userId}>
        <NuqsAdapter>{children}</NuqsAdapter>
        <LiveUpdates api={api} />
        <Toasts />
      </TasksProvider>
    </ApiContext>
  );
}
