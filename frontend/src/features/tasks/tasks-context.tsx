'use client';

import { createContext, useContext, useEffect, useState, useSyncExternalStore, type ReactNode } from 'react';
import { toast } from 'sonner';
import { explain, isSignedOut } from '../../lib/api/explain.ts';
import type { PageApi } from '../../lib/api/page-api.ts';
import type { Draft } from './drafts.ts';
import type { Entry } from './model/outbox.ts';
import { PageTasks } from './page-tasks.ts';

const Context = createContext<PageTasks | undefined>(undefined);

/** The tasks of this page. @throws outside `TasksProvider` */
export function usePageTasks(): PageTasks {
  const tasks = useContext(Context);
  if (!tasks) throw new Error('usePageTasks needs TasksProvider around it.');
  return tasks;
}

/** Holds the tasks for as long as the person stays signed in, over all pages, and says how their changes ended. */
export function TasksProvider({ api, userId, children }: { api: PageApi; userId: string; children: ReactNode }) {
  const [tasks] = useState(() => new PageTasks(api.client, userId));

  useEffect(() => tasks.start(), [tasks]);

  useEffect(
    () =>
      tasks.listen(({ done, refused }) => {
        if (refused && !isSignedOut(refused.error)) toast.error(explain(refused.error));
        if (done?.intention.kind !== 'delete') return;
        const { id } = done.intention;
        toast('Task deleted', { duration: 8_000, action: { label: 'Undo', onClick: () => tasks.store.undelete(id) } });
      }),
    [tasks],
  );

  return <Context value={tasks}>{children}</Context>;
}

const NONE: ReadonlyMap<string, Draft> = new Map();

/** The open edits, by their tasks' ids. */
export function useEdits(): ReadonlyMap<string, Draft> {
  const { drafts } = usePageTasks();
  return useSyncExternalStore(
    drafts.subscribe,
    () => drafts.edits,
    () => NONE,
  );
}

const NOTHING: readonly Entry[] = [];

/** The changes that are not settled. */
export function useEntries(): readonly Entry[] {
  const { store } = usePageTasks();
  return useSyncExternalStore(
    store.subscribe,
    () => store.entries,
    () => NOTHING,
  );
}
