'use client';

import { useSyncExternalStore } from 'react';
import { dayOf } from './dates.ts';

/** How often the clock is read. Only a new day or hour renders anything. */
const CHECK_EVERY_MS = 15_000;

function subscribe(listener: () => void): () => void {
  const timer = setInterval(listener, CHECK_EVERY_MS);
  // Timers sleep with the machine and in hidden pages.
  document.addEventListener('visibilitychange', listener);
  window.addEventListener('focus', listener);
  return () => {
    clearInterval(timer);
    document.removeEventListener('visibilitychange', listener);
    window.removeEventListener('focus', listener);
  };
}

/**
 * Today by the reader's calendar, `2030-01-31`; undefined on the server, which doesn't know where the reader is. Turns
 * over at midnight.
 */
export function useToday(): string | undefined {
  return useSyncExternalStore(
    subscribe,
    () => dayOf(new Date()),
    () => undefined,
  );
}

/** The hour by the reader's clock, 0 to 23; undefined on the server. */
export function useHour(): number | undefined {
  return useSyncExternalStore(
    subscribe,
    () => new Date().getHours(),
    () => undefined,
  );
}
