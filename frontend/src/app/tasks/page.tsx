import { requireSession } from '../../server/auth/session.ts';

export default async function TasksPage() {
  const { user } = await requireSession('/tasks');
  return <main><h1>{user.name}’s tasks</h1></main>;
}
