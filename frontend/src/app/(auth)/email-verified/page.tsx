import type { Metadata } from 'next';
import { buttonClass } from '../../../components/ui/button-class.ts';
import { Heading } from '../../../features/auth/heading.tsx';
import { getSession } from '../../../server/auth/session.ts';

export const metadata: Metadata = { title: 'Email address' };

/** Where the links in mails lead, whether they worked or not. */
export default async function EmailVerifiedPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const failed = Boolean((await searchParams)['error']);
  const session = await getSession();
  const target = session
    ? failed
      ? { href: '/account', label: 'Go to your account' }
      : { href: '/tasks', label: 'Go to your tasks' }
    : { href: '/sign-in', label: 'Go to sign in' };
  return (
    <>
      {failed ? (
        <Heading title="That link didn’t work">
          It has been used or is too old. You can ask for a new one on your account page.
        </Heading>
      ) : (
        <Heading title="Thank you">
          {'We’ve taken note. If another step is needed, a mail about it is on its way.'}
        </Heading>
      )}
      <a href={target.href} className={buttonClass()}>
        {target.label}
      </a>
    </>
  );
}
