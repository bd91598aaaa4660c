'use client';

import { useState, type FormEvent } from 'react';
import type { ZodMiniType } from 'zod/mini';

/** What a form of the signed-out pages needs to draw itself. */
export interface AuthForm {
  onSubmit: (event: FormEvent<HTMLFormElement>) => void;
  /** One sentence for each wrong field, by its name. */
  errors: Partial<Record<string, string>>;
  /** What went wrong as a whole. */
  failure: string | undefined;
  pending: boolean;
}

/**
 * Reads a form, checks it against a schema and hands the values on.
 * The first wrong field gets the focus. Kept this small because the sign-in page has 150 kB for everything.
 *
 * @param submit returns what went wrong, or nothing; `pending` stays on after a success, while the browser moves on
 */
export function useAuthForm<T>(schema: ZodMiniType<T>, submit: (values: T) => Promise<string | undefined | { done: true }>): AuthForm {
  const [errors, setErrors] = useState<Partial<Record<string, string>>>({});
  const [failure, setFailure] = useState<string>();
  const [pending, setPending] = useState(false);

  async function run(form: HTMLFormElement) {
    const result = schema.safeParse(Object.fromEntries(new FormData(form)));
    setFailure(undefined);
    if (!result.success) {
      const found: Partial<Record<string, string>> = {};
      for (const issue of result.error.issues) found[String(issue.path[0])] ??= issue.message;
      setErrors(found);
      const first = Object.keys(found)[0];
      const control = first ? form.elements.namedItem(first) : null;
      if (control instanceof HTMLElement) control.focus();
      return;
    }
    setErrors({});
    setPending(true);
    const answer = await submit(result.data);
    if (answer === undefined) return;
    setPending(false);
    if (typeof answer === 'string') setFailure(answer);
  }

  return {
    errors,
    failure,
    pending,
    onSubmit: (event) => {
      event.preventDefault();
      void run(event.currentTarget);
    },
  };
}
