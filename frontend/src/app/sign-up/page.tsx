import { redirect } from 'next/navigation';
import { getSession } from '../../server/auth/session.ts';

export default async function Page() {
  if (await getSession()) redirect('/tasks');
  return <main><h1>Sign up</h1></main>;
}
