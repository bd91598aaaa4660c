'use client';

import { Copy } from 'lucide-react';
import { toast } from 'sonner';
import { encode } from 'uqr';
import { useMemo } from 'react';
import * as z from 'zod/mini';
import { Button } from '../../components/ui/button.tsx';
import { Field } from '../../components/ui/field.tsx';
import { Notice } from '../../components/ui/notice.tsx';
import { authPost } from '../../lib/auth-request.ts';
import { useAccountForm } from './use-account-form.ts';

/** What Better Auth hands out when a second step is prepared. */
export interface Enrolment {
  /** `otpauth://…`, for an authenticator app. */
  totpURI: string;
  backupCodes: string[];
}

const schema = z.object({
  code: z.string().check(
    z.overwrite((value) => value.replace(/\s/g, '')),
    z.regex(/^\d{6}$/, 'Six digits, please.'),
  ),
});

/** Four letters at a time, as they are typed over from one screen to another. */
function groups(secret: string): string[] {
  return secret.match(/.{1,4}/g) ?? [];
}

async function copy(secret: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(secret);
    toast.success('Copied');
  } catch {
    toast.error('Copying isn’t allowed here. Select the key instead.');
  }
}

/** Scan, type what the app shows, done: nothing is switched on before the app has proven that it works. */
export function TwoFactorSetup({
  enrolment,
  onCancel,
  onDone,
}: {
  enrolment: Enrolment;
  onCancel: () => void;
  onDone: () => void;
}) {
  const secret = new URL(enrolment.totpURI).searchParams.get('secret') ?? '';
  const { field, failure, pending, onSubmit } = useAccountForm(
    schema,
    { code: '' },
    ({ code }) => authPost('/two-factor/verify-totp', { code }),
    onDone,
  );
  return (
    <div className="grid gap-6 sm:grid-cols-[auto_1fr]">
      <QrCode text={enrolment.totpURI} />
      <form noValidate onSubmit={onSubmit} className="grid content-start gap-4">
        <p className="text-[0.95rem]">
          Scan the picture with an authenticator app, or type this key into it:
          <code
            className="mt-2 flex flex-wrap gap-x-2 rounded-lg bg-sunken px-3 py-2 text-sm tracking-wider"
            data-testid="totp-secret"
          >
            {groups(secret).map((group, index) => (
              <span key={index}>{group}</span>
            ))}
          </code>
        </p>
        <div>
          <Button variant="secondary" size="sm" onClick={() => void copy(secret)}>
            <Copy aria-hidden className="size-4" />
            Copy the key
          </Button>
        </div>
        {failure ? <Notice tone="danger">{failure}</Notice> : null}
        <Field
          label="Code"
          inputMode="numeric"
          autoComplete="one-time-code"
          hint="The six digits the app shows now."
          {...field('code')}
        />
        <div className="flex gap-2">
          <Button type="submit" pending={pending}>
            Turn on
          </Button>
          <Button variant="ghost" onClick={onCancel}>
            Cancel
          </Button>
        </div>
      </form>
    </div>
  );
}

/**
 * Drawn here: the key never travels to somebody else's picture service. Dark on light in both themes, as cameras
 * expect.
 */
function QrCode({ text }: { text: string }) {
  const { data, size } = useMemo(() => encode(text, { border: 2 }), [text]);
  const path = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join('');
  return (
    <svg
      role="img"
      aria-label="The key as a picture"
      viewBox={`0 0 ${size} ${size}`}
      className="size-48 rounded-control border border-line bg-white"
      shapeRendering="crispEdges"
    >
      <path d={path} fill="#111" />
    </svg>
  );
}
