'use client';

import { useEffect, useRef, useState } from 'react';
import { explain } from '../../lib/api/explain.ts';
import { readFailure } from './model/retry-policy.ts';
import type { SaveOutcome } from './model/save-edit.ts';
import { usePageTasks } from './tasks-context.tsx';
import type { Task, TaskDraft } from './types.ts';

/**
 * A save without an answer is tried this often before the person is asked. Saving twice is safe: an edit never
 * conflicts with itself.
 */
const TRIES = 3;

/** Saves an edit, and says how it is going. */
export function useSave() {
  const { store } = usePageTasks();
  const [isSaving, setSaving] = useState(false);
  const [failure, setFailure] = useState<string>();
  const gone = useRef(false);
  useEffect(() => {
    gone.current = false;
    return () => void (gone.current = true);
  }, []);

  /** Undefined when it failed; `failure` then says why. */
  async function attempt<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
    setSaving(true);
    setFailure(undefined);
    try {
      for (let tries = 1; ; tries++) {
        try {
          return await work();
        } catch (error) {
          const { unknown, retryIn } = readFailure(error, tries);
          const again = unknown && retryIn !== undefined && tries < TRIES && navigator.onLine && !gone.current;
          setFailure(`${explain(error, unknown && navigator.onLine)}${again ? ' Trying again…' : ''}`);
          if (!again) return undefined;
          await new Promise((resolve) => setTimeout(resolve, retryIn));
        }
      }
    } finally {
      setSaving(false);
    }
  }

  return {
    isSaving,
    failure,
    save: (base: Task, mine: TaskDraft): Promise<SaveOutcome | undefined> => attempt(() => store.save(base, mine)),
    bringBack: (id: string, mine: TaskDraft): Promise<boolean | undefined> => attempt(() => store.bringBack(id, mine)),
  };
}
