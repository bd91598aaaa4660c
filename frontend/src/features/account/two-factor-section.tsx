'use client';

import { ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import * as z from 'zod/mini';
import { Button } from '../../components/ui/button.tsx';
import { Card } from '../../components/ui/card.tsx';
import { Field } from '../../components/ui/field.tsx';
import { Notice } from '../../components/ui/notice.tsx';
import { authPost } from '../../lib/auth-request.ts';
import { BackupCodes } from './backup-codes.tsx';
import { TwoFactorSetup, type Enrolment } from './two-factor-setup.tsx';
import { useAccountForm } from './use-account-form.ts';

const schema = z.object({ password: z.string().check(z.minLength(1, 'Enter your password.')) });

/** Turning the second step on and off. Each change asks for the password: an unattended screen must not be enough. */
export function TwoFactorSection({ enabled }: { enabled: boolean }) {
  const [on, setOn] = useState(enabled);
  const [enrolment, setEnrolment] = useState<Enrolment>();
  const [codes, setCodes] = useState<string[]>();

  return (
    <Card
      title="Two-factor authentication"
      description={
        on ? (
          <p className="inline-flex items-center gap-1.5 text-accent">
            <ShieldCheck aria-hidden className="size-4.5" /> On. Signing in takes your password and a code.
          </p>
        ) : (
          <p>With an authenticator app, a stolen password alone lets nobody in.</p>
        )
      }
    >
      {codes ? (
        <BackupCodes codes={codes} onDone={() => setCodes(undefined)} />
      ) : enrolment ? (
        <TwoFactorSetup
          enrolment={enrolment}
          onCancel={() => setEnrolment(undefined)}
          onDone={() => {
            setOn(true);
            setCodes(enrolment.backupCodes);
            setEnrolment(undefined);
            toast.success('Two-factor authentication is on');
          }}
        />
      ) : on ? (
        <div className="grid gap-6 sm:grid-cols-2">
          <PasswordGate
            label="Make new backup codes"
            send={(password) => authPost<{ backupCodes: string[] }>('/two-factor/generate-backup-codes', { password })}
            onDone={({ backupCodes }) => setCodes(backupCodes)}
          />
          <PasswordGate
            label="Turn off"
            send={(password) => authPost<object>('/two-factor/disable', { password })}
            onDone={() => {
              setOn(false);
              toast.success('Two-factor authentication is off');
            }}
          />
        </div>
      ) : (
        <div className="sm:max-w-md">
          <PasswordGate
            label="Set up"
            send={(password) => authPost<Enrolment>('/two-factor/enable', { password })}
            onDone={setEnrolment}
          />
        </div>
      )}
    </Card>
  );
}

/** A button behind the password. */
function PasswordGate<R>({
  label,
  send,
  onDone,
}: {
  label: string;
  send: (password: string) => ReturnType<typeof authPost<R>>;
  onDone: (answer: R) => void;
}) {
  const { field, failure, pending, onSubmit } = useAccountForm(
    schema,
    { password: '' },
    ({ password }) => send(password),
    (answer: R, { reset }) => {
      reset();
      onDone(answer);
    },
  );
  return (
    <form noValidate onSubmit={onSubmit} className="grid content-start gap-4" aria-label={label}>
      {failure ? <Notice tone="danger">{failure}</Notice> : null}
      <Field label="Your password" type="password" autoComplete="current-password" {...field('password')} />
      <div>
        <Button type="submit" variant="secondary" pending={pending}>
          {label}
        </Button>
      </div>
    </form>
  );
}
