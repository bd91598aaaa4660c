'use client';

import { useState } from 'react';
import { Button } from '../../components/ui/button.tsx';
import { Field } from '../../components/ui/field.tsx';
import { authPost } from '../../lib/auth-request.ts';
import { Message } from './message.tsx';
import { useAuthForm } from './use-auth-form.ts';

const CODE = { missing: 'Enter the code.', short: 'That is too short for a code.' };

export function TwoFactorForm({ next }: { next: string }) {
  const [backup, setBackup] = useState(false);
  const [trust, setTrust] = useState(false);
  const form = useAuthForm({ code: CODE }, async ({ code }) => {
    const path = backup ? '/two-factor/verify-backup-code' : '/two-factor/verify-totp';
    const result = await authPost(path, { code: backup ? code : code.replace(/\s/g, ''), trustDevice: trust });
    if (!result.ok) return result.error.message;
    window.location.assign(next);
    return undefined;
  });

  return (
    <form key={String(backup)} method="post" noValidate onSubmit={form.onSubmit} className="grid gap-5">
      {form.failure ? <Message tone="danger">{form.failure}</Message> : null}
      {backup ? (
        <Field
          label="Backup code"
          name="code"
          required
          minLength={6}
          maxLength={32}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          autoFocus
          error={form.errors.code}
          hint="Each one works once."
        />
      ) : (
        <Field
          label="Code"
          name="code"
          required
          minLength={6}
          maxLength={32}
          autoComplete="one-time-code"
          inputMode="numeric"
          autoFocus
          error={form.errors.code}
        />
      )}
      <label className="flex items-center gap-3 text-[0.95rem]">
        <input
          type="checkbox"
          checked={trust}
          onChange={(event) => setTrust(event.target.checked)}
          className="size-4.5 accent-(--accent)"
        />
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
