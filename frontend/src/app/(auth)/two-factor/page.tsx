import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { Heading } from '../../../features/auth/heading.tsx';
import { TwoFactorForm } from '../../../features/auth/two-factor-form.tsx';
import { safeNextPath } from '../../../lib/next-path.ts';
import { getSession } from '../../../server/auth/session.ts';

export const metadata: Metadata = { title: 'Second step' };

export default async function TwoFactorPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const next = safeNextPath((await searchParams)['next']);
  if (await getSession()) redirect(next);
  return (
    <>
      <Heading title="One more step">Enter the six digits your authenticator app shows now.</Heading>
      <TwoFactorForm next={next} />
    </>
  );
}
