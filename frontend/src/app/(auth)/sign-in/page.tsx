import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { Heading } from '../../../features/auth/heading.tsx';
import { Social } from '../../../features/auth/social.tsx';
import { SignInForm, type SignInNotice } from '../../../features/auth/sign-in-form.tsx';
import { safeNextPath } from '../../../lib/next-path.ts';
import { configuredProviders } from '../../../server/auth/providers.ts';
import { getSession } from '../../../server/auth/session.ts';

export const metadata: Metadata = { title: 'Sign in' };

function noticeOf({ reason, error }: Record<string, string | string[] | undefined>): SignInNotice | undefined {
  if (reason === 'ended' || reason === 'reset' || reason === 'deleted') return reason;
  return error ? 'provider' : undefined;
}

export default async function SignInPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const query = await searchParams;
  const next = safeNextPath(query['next']);
  if (await getSession()) redirect(next);
  return (
    <>
      <Heading title="Welcome back">Sign in to pick up where you left off.</Heading>
      <SignInForm next={next} notice={noticeOf(query)}>
        <Social providers={configuredProviders()} next={next} />
      </SignInForm>
    </>
  );
}
