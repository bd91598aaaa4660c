'use client';

import Link from 'next/link';
import { Button } from '../../components/ui/button.tsx';
import { Field } from '../../components/ui/field.tsx';
import { Notice } from '../../components/ui/notice.tsx';
import { authPost } from '../../lib/auth-request.ts';
import { HOME } from '../../lib/next-path.ts';
import { signInSchema } from './schemas.ts';
import { SocialButtons, type Provider } from './social-buttons.tsx';
import { useAuthForm } from './use-auth-form.ts';

const NOTICES = {
  ended: 'Your session ended, so you were signed out here. Sign in to carry on.',
  reset: 'Your password is changed. Sign in with the new one.',
  deleted: 'Your account and everything in it is gone. Thank you for having been here.',
  provider: 'Signing in there didn’t work out. Try again, or use your password.',
};

/** Why somebody is on this page. */
export type SignInNotice = keyof typeof NOTICES;

export function SignInForm({ next, notice, providers }: { next: string; notice: SignInNotice | undefined; providers: Provider[] }) {
  const form = useAuthForm(signInSchema, async (values) => {
    const result = await authPost<{ twoFactorRedirect?: boolean }>('/sign-in/email', values);
    if (!result.ok) return result.error.message;
    const query = next === HOME ? '' : `?next=${encodeURIComponent(next)}`;
    // A full load on purpose: nothing of the signed-out page stays in memory.
    window.location.assign(result.data.twoFactorRedirect ? `/two-factor${query}` : next);
    return undefined;
  });

  return (
    <>
      <form noValidate onSubmit={form.onSubmit} className="grid gap-5" aria-label="Sign in">
        {notice && !form.failure ? <Notice tone={notice === 'provider' ? 'warn' : 'info'}>{NOTICES[notice]}</Notice> : null}
        {form.failure ? <Notice tone="danger">{form.failure}</Notice> : null}
        <Field label="Email" name="email" type="email" autoComplete="username" inputMode="email" autoCapitalize="none" spellCheck={false} error={form.errors['email']} />
        <Field
          label="Password"
          name="password"
          type="password"
          autoComplete="current-password"
          error={form.errors['password']}
          aside={
            <Link href="/forgot-password" prefetch={false} className="text-sm text-muted underline-offset-4 hover:text-ink hover:underline">
              Forgotten?
            </Link>
          }
        />
        <Button type="submit" pending={form.pending} className="mt-1">
          Sign in
        </Button>
      </form>
      <SocialButtons providers={providers} next={next} />
      <p className="mt-8 text-center text-[0.95rem] text-muted">
        New here?{' '}
        <Link href={next === HOME ? '/sign-up' : `/sign-up?next=${encodeURIComponent(next)}`} prefetch={false} className="font-medium text-accent underline underline-offset-4">
          Create an account
        </Link>
      </p>
    </>
  );
}
