'use client';

import Link from 'next/link';
import { useEffect } from 'react';
import { Button, buttonClass } from '../../components/ui/button.tsx';
import { Field } from '../../components/ui/field.tsx';
import { Notice } from '../../components/ui/notice.tsx';
import { authPost } from '../../lib/auth-request.ts';
import { resetSchema } from './schemas.ts';
import { useAuthForm } from './use-auth-form.ts';

export function ResetForm({ token }: { token: string | undefined }) {
  const form = useAuthForm(resetSchema, async ({ password }) => {
    const result = await authPost('/reset-password', { newPassword: password, token });
    if (!result.ok) return result.error.message;
    window.location.assign('/sign-in?reason=reset');
    return undefined;
  });

  // The token has been read; the address bar, the history and a screenshot don't need it any longer.
  useEffect(() => {
    if (token) window.history.replaceState(null, '', '/reset-password');
  }, [token]);

  if (!token) {
    return (
      <div className="grid gap-6">
        <Notice tone="warn">This link has been used or is too old.</Notice>
        <Link href="/forgot-password" className={buttonClass()}>
          Ask for a new one
        </Link>
      </div>
    );
  }
  return (
    <form noValidate onSubmit={form.onSubmit} className="grid gap-5" aria-label="Choose a new password">
      {form.failure ? <Notice tone="danger">{form.failure}</Notice> : null}
      <Field label="New password" name="password" type="password" autoComplete="new-password" hint="At least 8 characters." error={form.errors['password']} />
      <Button type="submit" pending={form.pending}>
        Change password
      </Button>
    </form>
  );
}
