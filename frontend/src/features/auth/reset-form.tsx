'use client';

import { useEffect } from 'react';
import { Button } from '../../components/ui/button.tsx';
import { buttonClass } from '../../components/ui/button-class.ts';
import { Field } from '../../components/ui/field.tsx';
import { authPost } from '../../lib/auth-request.ts';
import { Message } from './message.tsx';
import { NEW_PASSWORD, useAuthForm } from './use-auth-form.ts';

export function ResetForm({ token }: { token: string | undefined }) {
  const form = useAuthForm({ password: NEW_PASSWORD }, async ({ password }) => {
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
        <Message tone="warn">This link has been used or is too old.</Message>
        <a href="/forgot-password" className={buttonClass()}>
          Ask for a new one
        </a>
      </div>
    );
  }
  return (
    <form method="post" noValidate onSubmit={form.onSubmit} className="grid gap-5">
      {form.failure ? <Message tone="danger">{form.failure}</Message> : null}
      <Field
        label="New password"
        name="password"
        type="password"
        required
        minLength={8}
        maxLength={128}
        autoComplete="new-password"
        hint="At least 8 characters."
        error={form.errors.password}
      />
      <Button type="submit" pending={form.pending}>
        Change password
      </Button>
    </form>
  );
}
