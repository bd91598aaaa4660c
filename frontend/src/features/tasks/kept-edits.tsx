'use client';

import { Notice } from '../../components/ui/notice.tsx';
import { isDirty } from './drafts.ts';
import { TaskEditor } from './task-editor.tsx';
import { useEdits, usePageTasks } from './tasks-context.tsx';
import type { Task } from './types.ts';

/** The edits whose tasks the list doesn't show: filtered out, completed or deleted elsewhere. None is lost with its row. */
export function KeptEdits({ shown, onSaved }: { shown: readonly Task[]; onSaved: (task: Task) => void }) {
  const { store, drafts } = usePageTasks();
  const edits = useEdits();
  const ids = new Set(shown.map(({ id }) => id));
  const kept = [...edits.values()].filter((draft) => !ids.has(draft.base.id) && isDirty(draft));
  if (kept.length === 0) return null;
  return (
    <section aria-label="Unsaved changes" className="grid gap-4 rounded-card border border-line bg-surface p-4 shadow-card sm:p-5">
      {kept.map((draft) => {
        const isGone = store.task(draft.base.id)?.gone ?? false;
        return (
          <div key={draft.base.id} role="group" aria-label={draft.base.title} className="grid gap-4">
            {isGone ? null : <Notice tone="info">“{draft.base.title}” isn’t in this list. What you changed is still here.</Notice>}
            <TaskEditor
              draft={draft}
              isGone={isGone}
              onClose={(saved) => {
                drafts.close(draft.base.id);
                if (saved) onSaved(draft.base);
              }}
            />
          </div>
        );
      })}
    </section>
  );
}
