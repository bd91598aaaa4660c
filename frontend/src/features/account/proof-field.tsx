'use client';

import { useState } from 'react';
import { toast } from 'sonner';
import * as z from 'zod/mini';
import { Button } from '../../components/ui/button.tsx';
import { Field } from '../../components/ui/field.tsx';
import { authPost } from '../../lib/auth-request.ts';
import type { AccountForm } from './use-account-form.ts';

/** What a form that asks again who it is has beside its own values: one of the two. */
export const PROOF = { password: '', code: '' };

/** @param hasPassword of the account; without one, a code is mailed */
export const proofSchema = (hasPassword: boolean) =>
  z.object({
    password: hasPassword ? z.string().check(z.minLength(1, 'Enter your password.')) : z.string(),
    code: hasPassword ? z.string() : z.string().check(z.minLength(1, 'Enter the code from the mail.')),
  });

/** What of it the server is sent. */
export const proofOf = ({ password, code }: typeof PROOF): object => (password === '' ? { code } : { password });

/** The password, or for an account without one the code that is mailed on request. */
export function ProofField({
  hasPassword,
  field,
}: {
  hasPassword: boolean;
  field: (name: 'password' | 'code') => ReturnType<AccountForm<typeof PROOF>['field']>;
}) {
  const [pending, setPending] = useState(false);
  const [sent, setSent] = useState(false);

  async function send() {
    setPending(true);
    const result = await authPost('/step-up/send-code');
    setPending(false);
    if (result.ok) setSent(true);
    else toast.error(result.error.message);
  }

  if (hasPassword)
    return <Field label="Your password" type="password" autoComplete="current-password" {...field('password')} />;
  return (
    <div className="grid gap-3">
      <Field
        label="Code"
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={32}
        hint={
          sent
            ? 'It is on its way to your address, and good for ten minutes.'
            : 'You have no password here, so we mail you a code.'
        }
        {...field('code')}
      />
      <div>
        <Button variant="secondary" size="sm" pending={pending} onClick={() => void send()}>
          Send me a code
        </Button>
      </div>
    </div>
  );
}
