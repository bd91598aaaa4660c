'use client';

import { standardSchemaResolver } from '@hookform/resolvers/standard-schema';
import { useState } from 'react';
import { useForm, type DefaultValues, type FieldValues, type UseFormReturn } from 'react-hook-form';
import type { ZodMiniType } from 'zod/mini';
import type { AuthResult } from '../../lib/auth-request.ts';

/** A form of the account page. */
export interface AccountForm<T extends FieldValues> {
  form: UseFormReturn<T>;
  failure: string | undefined;
  pending: boolean;
  /** For `<form onSubmit>`. */
  onSubmit: (event: React.FormEvent) => void;
}

/**
 * A form checked by a schema and sent to Better Auth.
 * @param send what to ask; its failure is shown above the form
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

  async function submit(values: T) {
    setFailure(undefined);
    const result = await send(values);
    if (result.ok) onDone(result.data, form);
    else setFailure(result.error.message);
  }

  return { form, failure, pending: form.formState.isSubmitting, onSubmit: (event) => void form.handleSubmit(submit)(event) };
}
