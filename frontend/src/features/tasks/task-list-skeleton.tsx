import { Skeleton } from '../../components/ui/skeleton.tsx';

const WIDTHS = ['w-3/5', 'w-2/5', 'w-4/5', 'w-1/2', 'w-2/3'];

/** The list's outline while it is on its way. */
export function TaskListSkeleton() {
  return (
    <div
      role="status"
      aria-label="Loading tasks"
      className="divide-y divide-line rounded-card border border-line bg-surface shadow-card"
    >
      {WIDTHS.map((width) => (
        <div key={width} className="flex items-center gap-4 px-5 py-4.5">
          <Skeleton className="size-5.5 rounded-full!" />
          <Skeleton className={`h-4.5 ${width}`} />
        </div>
      ))}
    </div>
  );
}
