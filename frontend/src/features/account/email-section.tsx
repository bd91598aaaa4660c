'use client';

import { BadgeCheck } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { toast } from 'sonner';
import * as z from 'zod/mini';
import { Button } from '../../components/ui/button.tsx';
import { Card } from '../../components/ui/card.tsx';
import { Field } from '../../components/ui/field.tsx';
import { Notice } from '../../components/ui/notice.tsx';
import { authPost } from '../../lib/auth-request.ts';
import { PROOF, proofOf, proofSchema, ProofField } from './proof-field.tsx';
import { email as emailSchema } from './schemas.ts';
import { useAccountForm } from './use-account-form.ts';

/** The address signs in and resets the password: changing it asks again who it is. */
export function EmailSection({
  email,
  verified,
  hasPassword,
}: {
  email: string;
  verified: boolean;
  hasPassword: boolean;
}) {
  const router = useRouter();
  const [sent, setSent] = useState<string>();
  const [asking, setAsking] = useState(false);
  const { field, failure, pending, onSubmit } = useAccountForm(
    z.extend(proofSchema(hasPassword), { newEmail: emailSchema }),
    { newEmail: '', ...PROOF },
    (values) => authPost('/change-email', { newEmail: values.newEmail, ...proofOf(values) }),
    (_, { reset }) => {
      reset();
      setSent(
        verified
          ? `We’ve written to ${email}. The change happens after you approve it there.`
          : 'Your address is changed. A link to confirm it is on its way.',
      );
      router.refresh();
    },
  );

  async function sendAgain() {
    setAsking(true);
    const result = await authPost('/send-verification-email', { email, callbackURL: '/email-verified' });
    setAsking(false);
    if (result.ok) setSent(`A link is on its way to ${email}.`);
    else toast.error(result.error.message);
  }

  return (
    <Card
      title="Email address"
      description={
        <p className="flex flex-wrap items-center gap-x-2">
          <span className="break-all text-ink">{email}</span>
          {verified ? (
            <span className="inline-flex items-center gap-1 text-sm text-accent">
              <BadgeCheck aria-hidden className="size-4" /> Confirmed
            </span>
          ) : (
            <span className="text-sm text-warn">Not confirmed yet</span>
          )}
        </p>
      }
    >
      <div className="grid gap-5">
        {sent ? <Notice tone="success">{sent}</Notice> : null}
        {!verified && !sent ? (
          <Notice
            tone="info"
            action={
              <Button variant="secondary" size="sm" pending={asking} onClick={() => void sendAgain()}>
                Send the link again
              </Button>
            }
          >
            Open the link we sent you, so that you can get back in if you forget your password.
          </Notice>
        ) : null}
        <form noValidate onSubmit={onSubmit} className="grid gap-4 sm:max-w-md">
          {failure ? <Notice tone="danger">{failure}</Notice> : null}
          <Field
            label="New email"
            type="email"
            autoComplete="email"
            inputMode="email"
            autoCapitalize="none"
            spellCheck={false}
            {...field('newEmail')}
          />
          <ProofField hasPassword={hasPassword} field={field} />
          <div>
            <Button type="submit" variant="secondary" pending={pending}>
              Change email
            </Button>
          </div>
        </form>
      </div>
    </Card>
  );
}
