'use client';

import { useState } from 'react';
import * as z from 'zod/mini';
import { Button } from '../../components/ui/button.tsx';
import { Field } from '../../components/ui/field.tsx';
import { Notice } from '../../components/ui/notice.tsx';
import { authPost } from '../../lib/auth-request.ts';
import { useAuthForm } from './use-auth-form.ts';

const schema = z.object({
  code: z.string().check(z.trim(), z.minLength(6, 'That is too short for a code.'), z.maxLength(32, 'That is too long for a code.')),
  trust: z.optional(z.string()),
});

export function TwoFactorForm({ next }: { next: string }) {
  const [backup, setBackup] = useState(false);
  const form = useAuthForm(schema, async ({ code, trust }) => {
    const path = backup ? '/two-factor/verify-backup-code' : '/two-factor/verify-totp';
    const result = await authPost(path, { code: backup ? code : code.replace(/\s/g, ''), trustDevice: trust === 'on' });
    if (!result.ok) return result.error.message;
    window.location.assign(next);
    return undefined;
  });

  return (
    <form key={String(backup)} noValidate onSubmit={form.onSubmit} className="grid gap-5" aria-label="Second step">
      {form.failure ? <Notice tone="danger">{form.failure}</Notice> : null}
      {backup ? (
        <Field label="Backup code" name="code" autoComplete="off" autoCapitalize="none" spellCheck={false} autoFocus error={form.errors['code']} hint="Each one works once." />
      ) : (
        <Field label="Code" name="code" autoComplete="one-time-code" inputMode="numeric" autoFocus error={form.errors['code']} />
      )}
      <label className="flex items-center gap-3 text-[0.95rem]">
        <input type="checkbox" name="trust" className="size-4.5 accent-(--accent)" />
        Don’t ask again on this device for 30 days
      </label>
      <Button type="submit" pending={form.pending}>
        Continue
      </Button>
      <Button variant="ghost" onClick={() => setBackup(!backup)}>
        {backup ? 'Use the authenticator app' : 'Use a backup code'}
      </Button>
    </form>
  );
}
