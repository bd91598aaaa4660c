import { Skeleton } from '../../../components/ui/skeleton.tsx';
import { TaskListSkeleton } from '../../../features/tasks/task-list-skeleton.tsx';

export default function Loading() {
  return (
    <div className="grid gap-5">
      <Skeleton className="mb-2 h-9 w-64" />
      <Skeleton className="h-15 rounded-card!" />
      <Skeleton className="h-12 rounded-control!" />
      <TaskListSkeleton />
    </div>
  );
}
