'use client';

import { useState } from 'react';
import { Field, type FieldProps } from './field.tsx';

/** A password that can be looked at while it is typed. */
export function PasswordField(props: Omit<FieldProps, 'type' | 'end'>) {
  const [shown, setShown] = useState(false);
  return (
    <Field
      {...props}
      type={shown ? 'text' : 'password'}
      autoCapitalize="none"
      spellCheck={false}
      end={
        // Its name says nothing of what it shows: the field beside it is what is called by that word.
        <button
          type="button"
          aria-pressed={shown}
          onClick={() => setShown(!shown)}
          className="rounded-lg px-2.5 py-1.5 text-sm font-medium text-muted hover:text-ink"
        >
          {shown ? 'Hide' : 'Show'}
        </button>
      }
    />
  );
}
