import type { Metadata } from 'next';
import { Heading } from '../../../features/auth/heading.tsx';
import { ResetForm } from '../../../features/auth/reset-form.tsx';

export const metadata: Metadata = { title: 'Choose a new password', referrer: 'no-referrer' };

export default async function ResetPasswordPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const { token, error } = await searchParams;
  return (
    <>
      <Heading title="Choose a new password">Every device will be signed out, this one included.</Heading>
      <ResetForm token={typeof token === 'string' && !error ? token : undefined} />
    </>
  );
}
