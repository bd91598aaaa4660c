import type { Metadata } from 'next';
import { ForgotForm } from '../../../features/auth/forgot-form.tsx';
import { Heading } from '../../../features/auth/heading.tsx';

export const metadata: Metadata = { title: 'Forgotten password' };

export default function ForgotPasswordPage() {
  return (
    <>
      <Heading title="Forgot your password?">
        Tell us your address and we’ll send a link for choosing a new one.
      </Heading>
      <ForgotForm />
    </>
  );
}
