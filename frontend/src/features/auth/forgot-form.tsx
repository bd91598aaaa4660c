'use client';

import { useState } from 'react';
import { Button } from '../../components/ui/button.tsx';
import { Field } from '../../components/ui/field.tsx';
import { authPost } from '../../lib/auth-request.ts';
import { Message } from './message.tsx';
import { EMAIL, useAuthForm } from './use-auth-form.ts';

export function ForgotForm() {
  const [sent, setSent] = useState(false);
  const form = useAuthForm({ email: EMAIL }, async ({ email }) => {
    const result = await authPost('/request-password-reset', { email, redirectTo: '/reset-password' });
    if (!result.ok) return result.error.message;
    setSent(true);
    return { done: true };
  });

  return (
    <>
      {sent ? (
        // The same whether the account exists or not: this page tells nobody who has one.
        <Message tone="info">
          If there is an account with that address, a link is on its way. It is good for an hour.
        </Message>
      ) : (
        <form method="post" noValidate onSubmit={form.onSubmit} className="grid gap-5">
          {form.failure ? <Message tone="danger">{form.failure}</Message> : null}
          <Field
            label="Email"
            name="email"
            type="email"
            required
            maxLength={254}
            autoComplete="username"
            inputMode="email"
            autoCapitalize="none"
            spellCheck={false}
            error={form.errors.email}
          />
          <Button type="submit" pending={form.pending}>
            Send the link
          </Button>
        </form>
      )}
      <p className="mt-8 text-center text-[0.95rem]">
        <a href="/sign-in" className="font-medium text-accent underline underline-offset-4">
          Back to sign in
        </a>
      </p>
    </>
  );
}
