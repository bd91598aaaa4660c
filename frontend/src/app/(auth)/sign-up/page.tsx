import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { Heading } from '../../../features/auth/heading.tsx';
import { Social } from '../../../features/auth/social.tsx';
import { SignUpForm } from '../../../features/auth/sign-up-form.tsx';
import { safeNextPath } from '../../../lib/next-path.ts';
import { configuredProviders } from '../../../server/auth/providers.ts';
import { getSession } from '../../../server/auth/session.ts';
import { env } from '../../../server/env.ts';

export const metadata: Metadata = { title: 'Create an account' };

export default async function SignUpPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const next = safeNextPath((await searchParams)['next']);
  if (await getSession()) redirect(next);
  return (
    <>
      <Heading title="Make it yours">One account, and nobody else sees a thing.</Heading>
      <SignUpForm next={next} confirmFirst={env().requireEmailVerification}>
        <Social providers={configuredProviders()} next={next} />
      </SignUpForm>
    </>
  );
}
