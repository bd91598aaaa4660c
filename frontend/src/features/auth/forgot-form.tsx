'use client';

import Link from 'next/link';
import { useState } from 'react';
import { Button } from '../../components/ui/button.tsx';
import { Field } from '../../components/ui/field.tsx';
import { Notice } from '../../components/ui/notice.tsx';
import { authPost } from '../../lib/auth-request.ts';
import { forgotSchema } from './schemas.ts';
import { useAuthForm } from './use-auth-form.ts';

export function ForgotForm() {
  const [sent, setSent] = useState(false);
  const form = useAuthForm(forgotSchema, async ({ email }) => {
    const result = await authPost('/request-password-reset', { email, redirectTo: '/reset-password' });
    if (!result.ok) return result.error.message;
    setSent(true);
    return { done: true };
  });

  return (
    <>
      {sent ? (
        // The same whether the account exists or not: this page tells nobody who has one.
        <Notice tone="success">If there is an account with that address, a link is on its way. It is good for an hour.</Notice>
      ) : (
        <form noValidate onSubmit={form.onSubmit} className="grid gap-5" aria-label="Forgotten password">
          {form.failure ? <Notice tone="danger">{form.failure}</Notice> : null}
          <Field label="Email" name="email" type="email" autoComplete="username" inputMode="email" autoCapitalize="none" spellCheck={false} error={form.errors['email']} />
          <Button type="submit" pending={form.pending}>
            Send the link
          </Button>
        </form>
      )}
      <p className="mt-8 text-center text-[0.95rem]">
        <Link href="/sign-in" prefetch={false} className="font-medium text-accent underline underline-offset-4">
          Back to sign in
        </Link>
      </p>
    </>
  );
}
