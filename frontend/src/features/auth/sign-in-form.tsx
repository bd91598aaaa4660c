'use client';

import type { ReactNode } from 'react';
import { Button } from '../../components/ui/button.tsx';
import { Field } from '../../components/ui/field.tsx';
import { PasswordField } from '../../components/ui/password-field.tsx';
import { authPost } from '../../lib/auth-request.ts';
import { HOME } from '../../lib/next-path.ts';
import { Message } from './message.tsx';
import { EMAIL, useAuthForm } from './use-auth-form.ts';

const NOTICES = {
  ended: 'Your session ended, so you were signed out here. Sign in to carry on.',
  reset: 'Your password is changed. Sign in with the new one.',
  deleted: 'Your account and everything in it is gone. Thank you for having been here.',
  provider: 'Signing in there didn’t work out. Try again, or use your password.',
};

/** Why somebody is on this page. */
export type SignInNotice = keyof typeof NOTICES;

export function SignInForm({
  next,
  notice,
  children,
}: {
  next: string;
  notice: SignInNotice | undefined;
  children?: ReactNode;
}) {
  const form = useAuthForm({ email: EMAIL, password: { missing: 'Enter your password.' } }, async (values) => {
    const result = await authPost<{ twoFactorRedirect?: boolean }>('/sign-in/email', values);
    if (!result.ok) {
      // Most often it was mistyped: it can be typed again at once.
      document.querySelector<HTMLInputElement>('input[name="password"]')?.select();
      return result.error.message;
    }
    const query = next === HOME ? '' : `?next=${encodeURIComponent(next)}`;
    // A full load on purpose: nothing of the signed-out page stays in memory.
    window.location.assign(result.data.twoFactorRedirect ? `/two-factor${query}` : next);
    return undefined;
  });

  return (
    <>
      <form method="post" noValidate onSubmit={form.onSubmit} className="grid gap-5">
        {notice && !form.failure ? (
          <Message tone={notice === 'provider' ? 'warn' : 'info'}>{NOTICES[notice]}</Message>
        ) : null}
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
        <PasswordField
          label="Password"
          name="password"
          required
          maxLength={128}
          autoComplete="current-password"
          error={form.errors.password}
          aside={
            <a href="/forgot-password" className="text-sm text-muted underline-offset-4 hover:text-ink hover:underline">
              Forgot password?
            </a>
          }
        />
        <Button type="submit" pending={form.pending} className="mt-1">
          Sign in
        </Button>
      </form>
      {children}
      <p className="mt-8 text-center text-[0.95rem] text-muted">
        New here?{' '}
        <a
          href={next === HOME ? '/sign-up' : `/sign-up?next=${encodeURIComponent(next)}`}
          className="font-medium text-accent underline underline-offset-4"
        >
          Create an account
        </a>
      </p>
    </>
  );
}
