import type { Metadata } from 'next';
import type { SearchParams } from 'nuqs/server';
import { PageOwner } from '../../../features/account/page-owner.tsx';
import { Greeting } from '../../../features/tasks/greeting.tsx';
import { loadFilters, tasksPath, toFilters } from '../../../features/tasks/filters.ts';
import { TaskBoard } from '../../../features/tasks/task-board.tsx';
import { firstPage } from '../../../server/api/first-page.ts';
import { pageAccountOf } from '../../../server/auth/page-account.ts';
import { requireSession } from '../../../server/auth/session.ts';

export const metadata: Metadata = { title: 'Tasks' };

export default async function TasksPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const state = await loadFilters(searchParams);
  const session = await requireSession(tasksPath(state));
  const { user } = session;
  const filters = toFilters(state);
  const page = await firstPage(filters);
  return (
    <>
      <PageOwner account={pageAccountOf(session)} />
      <Greeting name={user.name} />
      <TaskBoard first={page ? { filters, page } : null} />
    </>
  );
}
