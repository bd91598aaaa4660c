'use client';

import { useEffect } from 'react';
import { Notice } from '../../components/ui/notice.tsx';
import { isDirty, type Draft } from './drafts.ts';
import { RowBoundary } from './row-boundary.tsx';
import { TaskEditor } from './task-editor.tsx';
import { useEdits, usePageTasks } from './tasks-context.tsx';
import type { Task } from './types.ts';

/**
 * The edits whose tasks the list doesn't show: filtered out, completed or deleted elsewhere. None is lost with its row.
 */
export function KeptEdits({ shown, onSaved }: { shown: readonly Task[]; onSaved: (task: Task) => void }) {
  const { drafts } = usePageTasks();
  const edits = useEdits();
  const ids = new Set(shown.map(({ id }) => id));
  const kept = [...edits.values()].filter((draft) => !ids.has(draft.base.id) && isDirty(draft));
  if (kept.length === 0) return null;
  return (
    <section
      aria-label="Unsaved changes"
      className="grid gap-4 rounded-card border border-line bg-surface p-4 shadow-card sm:p-5"
    >
      {kept.map((draft) => (
        <RowBoundary key={draft.base.id} what="This edit" onDiscard={() => drafts.close(draft.base.id)}>
          <KeptEdit draft={draft} onSaved={onSaved} />
        </RowBoundary>
      ))}
    </section>
  );
}

function KeptEdit({ draft, onSaved }: { draft: Draft; onSaved: (task: Task) => void }) {
  const { store, drafts } = usePageTasks();
  const { id, title, version } = draft.base;
  const isGone = store.task(id)?.gone ?? false;
  const { refreshed } = store;
  // No list tells of this task: whether it still exists has to be asked.
  useEffect(() => void store.find({ id, version }, refreshed), [store, id, version, refreshed]);
  return (
    <div role="group" aria-label={title} className="grid gap-4">
      {isGone ? null : <Notice tone="info">“{title}” isn’t in this list. What you changed is still here.</Notice>}
      <TaskEditor
        draft={draft}
        isGone={isGone}
        onClose={(saved) => {
          drafts.close(id);
          if (saved) onSaved(draft.base);
        }}
      />
    </div>
  );
}
