import { Skeleton } from '../../../components/ui/skeleton.tsx';

export default function Loading() {
  return (
    <div role="status" aria-label="Loading" className="grid gap-6">
      <Skeleton className="h-9 w-48" />
      <Skeleton className="h-44 rounded-card!" />
      <Skeleton className="h-44 rounded-card!" />
    </div>
  );
}
