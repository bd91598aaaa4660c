'use client';

import { standardSchemaResolver } from '@hookform/resolvers/standard-schema';
import { useState, type FormEvent } from 'react';
import {
  useForm,
  type DefaultValues,
  type FieldValues,
  type Path,
  type UseFormRegisterReturn,
  type UseFormReturn,
} from 'react-hook-form';
import type { ZodMiniType } from 'zod/mini';
import type { AuthResult } from '../../lib/auth-request.ts';
import { useHydrated } from '../../lib/use-hydrated.ts';

/** A form of the account page. */
export interface AccountForm<T extends FieldValues> {
  form: UseFormReturn<T>;
  failure: string | undefined;
  pending: boolean;
  /** For `<form onSubmit>`. */
  onSubmit: (event: FormEvent) => void;
  /**
   * Everything a `Field` needs of the form. It has its value in the server's HTML already, and takes no typing before
   * the script has come, which would put the value there once more.
   */
  field: (
    name: Path<T>,
  ) => UseFormRegisterReturn & { defaultValue: string; readOnly: boolean; error: string | undefined };
}

/**
 * A form checked by a schema and sent to Better Auth.
 * @param send what to ask; its failure is shown at the field it names, otherwise above the form
 * @param onDone called with the answer after a success
 */
export function useAccountForm<T extends FieldValues, R>(
  schema: ZodMiniType<T, T>,
  defaultValues: DefaultValues<T>,
  send: (values: T) => Promise<AuthResult<R>>,
  onDone: (answer: R, form: UseFormReturn<T>) => void,
): AccountForm<T> {
  const form = useForm<T>({ defaultValues, resolver: standardSchemaResolver(schema) });
  const [failure, setFailure] = useState<string>();
  const ready = useHydrated();

  async function submit(values: T) {
    setFailure(undefined);
    const result = await send(values);
    if (result.ok) onDone(result.data, form);
    else if (result.error.field !== undefined && result.error.field in values) {
      form.setError(result.error.field as Path<T>, { message: result.error.message }, { shouldFocus: true });
    } else setFailure(result.error.message);
  }

  return {
    form,
    failure,
    pending: form.formState.isSubmitting,
    onSubmit: (event) => void form.handleSubmit(submit)(event),
    field: (name) => ({
      ...form.register(name),
      defaultValue: String(form.formState.defaultValues?.[name] ?? ''),
      readOnly: !ready,
      error: form.getFieldState(name, form.formState).error?.message,
    }),
  };
}
