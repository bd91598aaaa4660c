'use client';

import { useState } from 'react';
import { Button } from '../../components/ui/button.tsx';
import { Card } from '../../components/ui/card.tsx';
import { Confirm, ConfirmCancel } from '../../components/ui/dialog.tsx';
import { Notice } from '../../components/ui/notice.tsx';
import { authPost } from '../../lib/auth-request.ts';
import { departAfter } from '../../lib/departure.ts';
import { tellSignOut } from '../../lib/sign-out-news.ts';
import { PROOF, proofOf, proofSchema, ProofField } from './proof-field.tsx';
import { useAccountForm } from './use-account-form.ts';

export function DeleteAccount({ hasPassword }: { hasPassword: boolean }) {
  const [open, setOpen] = useState(false);
  const { form, field, failure, pending, onSubmit } = useAccountForm(
    proofSchema(hasPassword),
    PROOF,
    async (values) => {
      const request = authPost('/delete-user', proofOf(values));
      await departAfter('/sign-in?reason=deleted', async () => {
        const { ok } = await request;
        if (ok) tellSignOut();
        return ok;
      });
      return request;
    },
    () => undefined,
  );
  return (
    <Card
      title="Delete account"
      tone="danger"
      description="Your account, your tasks and every session are gone at once. There is no way back."
    >
      <Confirm
        open={open}
        onOpenChange={(next) => {
          setOpen(next);
          form.reset();
        }}
        trigger={<Button variant="danger">Delete account</Button>}
        title="Delete your account?"
        description="Everything you wrote here goes with it, at once and for good."
      >
        <form noValidate onSubmit={onSubmit} className="grid gap-5">
          {failure ? <Notice tone="danger">{failure}</Notice> : null}
          <ProofField hasPassword={hasPassword} field={field} />
          <div className="flex justify-end gap-2">
            <ConfirmCancel asChild>
              <Button variant="ghost">Keep it</Button>
            </ConfirmCancel>
            <Button type="submit" variant="danger" pending={pending}>
              Delete for good
            </Button>
          </div>
        </form>
      </Confirm>
    </Card>
  );
}
