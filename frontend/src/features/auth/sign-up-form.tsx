'use client';

import Link from 'next/link';
import { Button } from '../../components/ui/button.tsx';
import { Field } from '../../components/ui/field.tsx';
import { Notice } from '../../components/ui/notice.tsx';
import { authPost } from '../../lib/auth-request.ts';
import { HOME } from '../../lib/next-path.ts';
import { signUpSchema } from './schemas.ts';
import { SocialButtons, type Provider } from './social-buttons.tsx';
import { useAuthForm } from './use-auth-form.ts';

export function SignUpForm({ next, providers }: { next: string; providers: Provider[] }) {
  const form = useAuthForm(signUpSchema, async (values) => {
    const result = await authPost('/sign-up/email', { ...values, callbackURL: '/email-verified' });
    if (!result.ok) return result.error.message;
    window.location.assign(next);
    return undefined;
  });

  return (
    <>
      <form noValidate onSubmit={form.onSubmit} className="grid gap-5" aria-label="Create an account">
        {form.failure ? <Notice tone="danger">{form.failure}</Notice> : null}
        <Field label="Name" name="name" autoComplete="name" error={form.errors['name']} />
        <Field label="Email" name="email" type="email" autoComplete="username" inputMode="email" autoCapitalize="none" spellCheck={false} error={form.errors['email']} />
        <Field label="Password" name="password" type="password" autoComplete="new-password" hint="At least 8 characters." error={form.errors['password']} />
        <Button type="submit" pending={form.pending} className="mt-1">
          Create account
        </Button>
      </form>
      <SocialButtons providers={providers} next={next} />
      <p className="mt-8 text-center text-[0.95rem] text-muted">
        Been here before?{' '}
        <Link href={next === HOME ? '/sign-in' : `/sign-in?next=${encodeURIComponent(next)}`} prefetch={false} className="font-medium text-accent underline underline-offset-4">
          Sign in
        </Link>
      </p>
    </>
  );
}
