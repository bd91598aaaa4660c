'use client';

import { useState, type ReactNode } from 'react';
import { Button } from '../../components/ui/button.tsx';
import { Field } from '../../components/ui/field.tsx';
import { authPost } from '../../lib/auth-request.ts';
import { HOME } from '../../lib/next-path.ts';
import { Message } from './message.tsx';
import { EMAIL, NEW_PASSWORD, useAuthForm } from './use-auth-form.ts';

/** @param confirmFirst nobody is signed in before their address is confirmed */
export function SignUpForm({
  next,
  confirmFirst,
  children,
}: {
  next: string;
  confirmFirst: boolean;
  children?: ReactNode;
}) {
  const [sent, setSent] = useState(false);
  const form = useAuthForm(
    { name: { missing: 'Enter your name.' }, email: EMAIL, password: NEW_PASSWORD },
    async (values) => {
      const result = await authPost('/sign-up/email', { ...values, callbackURL: '/email-verified' });
      if (!result.ok) return result.error;
      if (confirmFirst) {
        setSent(true);
        return { done: true };
      }
      window.location.assign(next);
      return undefined;
    },
  );

  // The same whether the address was known or not: this page tells nobody who has an account.
  if (sent) return <Message tone="info">Check your mail. Open the link we have sent you, then sign in.</Message>;
  return (
    <>
      <form method="post" noValidate onSubmit={form.onSubmit} className="grid gap-5">
        {form.failure ? <Message tone="danger">{form.failure}</Message> : null}
        <Field label="Name" name="name" required maxLength={100} autoComplete="name" error={form.errors.name} />
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
        <Field
          label="Password"
          name="password"
          type="password"
          required
          minLength={8}
          maxLength={128}
          autoComplete="new-password"
          hint="At least 8 characters."
          error={form.errors.password}
        />
        <Button type="submit" pending={form.pending} className="mt-1">
          Create account
        </Button>
      </form>
      {children}
      <p className="mt-8 text-center text-[0.95rem] text-muted">
        Been here before?{' '}
        <a
          href={next === HOME ? '/sign-in' : `/sign-in?next=${encodeURIComponent(next)}`}
          className="font-medium text-accent underline underline-offset-4"
        >
          Sign in
        </a>
      </p>
    </>
  );
}
