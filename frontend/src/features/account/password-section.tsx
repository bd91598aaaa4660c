'use client';

import { useState } from 'react';
import { toast } from 'sonner';
import * as z from 'zod/mini';
import { Button } from '../../components/ui/button.tsx';
import { Card } from '../../components/ui/card.tsx';
import { Field } from '../../components/ui/field.tsx';
import { Notice } from '../../components/ui/notice.tsx';
import { authPost } from '../../lib/auth-request.ts';
import { newPassword } from './schemas.ts';
import { useAccountForm } from './use-account-form.ts';

const schema = z.object({
  currentPassword: z.string().check(z.minLength(1, 'Enter your current password.')),
  newPassword,
  revokeOtherSessions: z.boolean(),
});

export function PasswordSection({ email, hasPassword }: { email: string; hasPassword: boolean }) {
  return hasPassword ? <ChangePassword /> : <AskForPassword email={email} />;
}

function ChangePassword() {
  const { form, field, failure, pending, onSubmit } = useAccountForm(
    schema,
    { currentPassword: '', newPassword: '', revokeOtherSessions: true },
    (values) => authPost('/change-password', values),
    (_, { reset }) => {
      reset();
      toast.success('Your password is changed');
    },
  );
  return (
    <Card title="Password">
      <form noValidate onSubmit={onSubmit} className="grid gap-4 sm:max-w-md">
        {failure ? <Notice tone="danger">{failure}</Notice> : null}
        <Field label="Current password" type="password" autoComplete="current-password" {...field('currentPassword')} />
        <Field
          label="New password"
          type="password"
          autoComplete="new-password"
          hint="At least 8 characters."
          {...field('newPassword')}
        />
        <label className="flex items-center gap-3 text-[0.95rem]">
          <input type="checkbox" className="size-4.5 accent-(--accent)" {...form.register('revokeOtherSessions')} />
          Sign out everywhere else
        </label>
        <div>
          <Button type="submit" variant="secondary" pending={pending}>
            Change password
          </Button>
        </div>
      </form>
    </Card>
  );
}

/** Somebody who came by another provider has none; a link proves that the mailbox is theirs before they get one. */
function AskForPassword({ email }: { email: string }) {
  const [pending, setPending] = useState(false);
  const [sent, setSent] = useState(false);

  async function ask() {
    setPending(true);
    const result = await authPost('/request-password-reset', { email, redirectTo: '/reset-password' });
    setPending(false);
    if (result.ok) setSent(true);
    else toast.error(result.error.message);
  }

  return (
    <Card title="Password" description="You sign in with another provider. A password would be a second way in.">
      {sent ? (
        <Notice tone="success">A link for choosing a password is on its way to {email}.</Notice>
      ) : (
        <Button variant="secondary" pending={pending} onClick={() => void ask()}>
          Set a password
        </Button>
      )}
    </Card>
  );
}
