import type { Metadata } from 'next';
import type { SearchParams } from 'nuqs/server';
import { Greeting } from '../../../features/tasks/greeting.tsx';
import { loadFilters, tasksPath, toFilters } from '../../../features/tasks/filters.ts';
import { TaskBoard } from '../../../features/tasks/task-board.tsx';
import { firstPage } from '../../../server/api/first-page.ts';
import { requireSession } from '../../../server/auth/session.ts';

export const metadata: Metadata = { title: 'Tasks' };

export default async function TasksPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const state = await loadFilters(searchParams);
  const { user } = await requireSession(tasksPath(state));
  const filters = toFilters(state);
  const page = await firstPage(filters);
  return (
    <>
      <Greeting name={user.name} />
      <TaskBoard first={page ? { filters, page, at: Date.now() } : null} />
    </>
  );
}
