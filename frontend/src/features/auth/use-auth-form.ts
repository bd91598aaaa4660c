'use client';

import { useState, type FormEvent } from 'react';

/** What to say when a field is wrong, by what is wrong with it. */
export interface FieldMessages {
  missing: string;
  /** Not the kind of text the field is for. */
  malformed?: string;
  short?: string;
}

/** What a form of the signed-out pages needs to draw itself. */
export interface AuthForm<Name extends string> {
  onSubmit: (event: FormEvent<HTMLFormElement>) => void;
  /** One sentence for each wrong field. */
  errors: Partial<Record<Name, string>>;
  /** What went wrong as a whole. */
  failure: string | undefined;
  pending: boolean;
}

/** The sentence for a control that the browser finds wrong; undefined when it is right. */
function complaint(control: HTMLInputElement, messages: FieldMessages): string | undefined {
  const { validity } = control;
  if (validity.valueMissing || control.value.trim() === '') return control.required ? messages.missing : undefined;
  if (validity.tooShort || control.value.length < control.minLength) return messages.short ?? messages.missing;
  if (!validity.valid) return messages.malformed ?? messages.missing;
  return undefined;
}

/**
 * Checks a form by the constraints written on its inputs (`required`, `type`, `minLength`) and hands the values on.
 * The first wrong field gets the focus.
 *
 * The browser's own checks instead of a schema library: the sign-in page has 150 kB for everything, and Next takes 140
 * of them. What counts is checked by the server anyway.
 *
 * @param submit returns what went wrong, with the field it is about where there is one; nothing while the browser moves
 *   on to another page; `done` to stay here
 */
export function useAuthForm<Name extends string>(
  fields: Record<Name, FieldMessages>,
  submit: (
    values: Record<Name, string>,
  ) => Promise<string | undefined | { done: true } | { message: string; field?: string }>,
): AuthForm<Name> {
  const [errors, setErrors] = useState<Partial<Record<Name, string>>>({});
  const [failure, setFailure] = useState<string>();
  const [pending, setPending] = useState(false);

  async function run(form: HTMLFormElement) {
    const found: Partial<Record<Name, string>> = {};
    const values = {} as Record<Name, string>;
    let first: HTMLInputElement | undefined;
    for (const name of Object.keys(fields) as Name[]) {
      const control = form.elements.namedItem(name);
      if (!(control instanceof HTMLInputElement)) continue;
      // A password is taken as it is; a space around anything else came from a keyboard's suggestion.
      values[name] = control.autocomplete.endsWith('password') ? control.value : control.value.trim();
      const message = complaint(control, fields[name]);
      if (message) {
        found[name] = message;
        first ??= control;
      }
    }
    setFailure(undefined);
    setErrors(found);
    if (first) {
      first.focus();
      return;
    }
    setPending(true);
    const answer = await submit(values);
    if (answer === undefined) return;
    setPending(false);
    if (typeof answer === 'string') setFailure(answer);
    else if ('message' in answer) {
      const control = form.elements.namedItem(answer.field ?? '');
      if (control instanceof HTMLInputElement) {
        setErrors({ [control.name]: answer.message } as Partial<Record<Name, string>>);
        control.focus();
      } else setFailure(answer.message);
    }
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

/** Fields that several forms have. */
export const EMAIL: FieldMessages = {
  missing: 'Enter your email address.',
  malformed: 'That doesn’t look like an email address.',
};
export const NEW_PASSWORD: FieldMessages = { missing: 'Choose a password.', short: 'Use at least 8 characters.' };
