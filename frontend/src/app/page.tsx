import { redirect } from 'next/navigation';
import { getSession } from '../server/auth/session.ts';

export default async function Home() {
  redirect((await getSession()) ? '/tasks' : '/sign-in');
}
