'use client';

import { useEffect, type RefObject } from 'react';
import { usePageTasks } from './tasks-context.tsx';

/** Tells the store which pages of the list are in view: only those are kept fresh. */
export function usePagesInView(list: RefObject<HTMLUListElement | null>): void {
  const { store } = usePageTasks();
  // After every render: rows come and go.
  useEffect(() => {
    const inView = new Map<Element, number>();
    const observer = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) {
          if (isIntersecting) inView.set(target, Number((target as HTMLElement).dataset['page']));
          else inView.delete(target);
        }
        store.look(new Set(inView.values()));
      },
      { rootMargin: '200px' },
    );
    for (const row of list.current?.children ?? []) observer.observe(row);
    return () => observer.disconnect();
  });
}
