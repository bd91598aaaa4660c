'use client';

import { useRouter } from 'next/navigation';
import { toast } from 'sonner';
import * as z from 'zod/mini';
import { Button } from '../../components/ui/button.tsx';
import { Card } from '../../components/ui/card.tsx';
import { Field } from '../../components/ui/field.tsx';
import { Notice } from '../../components/ui/notice.tsx';
import { authPost } from '../../lib/auth-request.ts';
import { personName } from './schemas.ts';
import { useAccountForm } from './use-account-form.ts';

const schema = z.object({ name: personName });

export function ProfileSection({ name }: { name: string }) {
  const router = useRouter();
  const { field, failure, pending, onSubmit } = useAccountForm(
    schema,
    { name },
    (values) => authPost('/update-user', values),
    () => {
      toast.success('Saved');
      router.refresh();
    },
  );
  return (
    <Card title="Profile">
      <form noValidate onSubmit={onSubmit} className="grid gap-4 sm:max-w-md">
        {failure ? <Notice tone="danger">{failure}</Notice> : null}
        <Field label="Name" autoComplete="name" {...field('name')} />
        <div>
          <Button type="submit" pending={pending}>
            Save
          </Button>
        </div>
      </form>
    </Card>
  );
}
