import { readEvents, type StreamEvent } from '../../lib/api/sse.ts';
import { SignedOutError } from '../../lib/api/token-store.ts';

export interface FollowOptions {
  /** Ends the following. */
  signal: AbortSignal;
  /** Opens the stream; a `SignedOutError` ends the following, any other failure is tried again. */
  open: (signal: AbortSignal) => Promise<Response>;
  /** The stream is open; `again` when it was before. */
  onOpen: (again: boolean) => void;
  onEvent: (event: StreamEvent) => void;
}

/** Nothing at all for this long, in milliseconds, means the stream is dead though nobody closed it. */
const SILENCE = 60_000;

/** A page hidden for this long, in milliseconds, lets go of its connection: a browser has six for each host. */
const HIDDEN = 30_000;

/** Milliseconds before another attempt: 1 s, doubling to 20 s, each drawn from the upper half so that pages spread out. */
export function backoff(failures: number, random: () => number = Math.random): number {
  const longest = Math.min(20_000, 1_000 * 2 ** failures);
  return longest / 2 + (random() * longest) / 2;
}

/** Resolves after `milliseconds`, or at once when the page comes back into view, the network returns or `signal` ends. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = new AbortController();
    const finish = () => {
      done.abort();
      resolve();
    };
    const timer = setTimeout(finish, milliseconds);
    done.signal.addEventListener('abort', () => clearTimeout(timer));
    for (const [target, event] of [[window, 'online'], [document, 'visibilitychange'], [signal, 'abort']] as const) {
      target.addEventListener(event, finish, { signal: done.signal });
    }
    if (signal.aborted) finish();
  });
}

/** Resolves when the page is visible or `signal` ends. */
async function visible(signal: AbortSignal): Promise<void> {
  while (document.visibilityState === 'hidden' && !signal.aborted) await pause(HIDDEN * 2, signal);
}

/** One connection: reads until it ends, falls silent, or the page has been hidden for a while. */
async function follow(options: FollowOptions, again: boolean): Promise<void> {
  const over = new AbortController();
  const end = () => over.abort();
  let silence = setTimeout(end, SILENCE);
  let hidden: ReturnType<typeof setTimeout> | undefined;
  const onVisibility = () => {
    clearTimeout(hidden);
    if (document.visibilityState === 'hidden') hidden = setTimeout(end, HIDDEN);
  };
  document.addEventListener('visibilitychange', onVisibility);
  options.signal.addEventListener('abort', end);
  try {
    const response = await options.open(over.signal);
    if (!response.ok || !response.body) throw new Error(`The event stream answered ${response.status}.`);
    options.onOpen(again);
    for await (const event of readEvents(response.body)) {
      clearTimeout(silence);
      silence = setTimeout(end, SILENCE);
      options.onEvent(event);
    }
  } finally {
    clearTimeout(silence);
    clearTimeout(hidden);
    document.removeEventListener('visibilitychange', onVisibility);
    options.signal.removeEventListener('abort', end);
  }
}

/**
 * Reads a stream of events for as long as the page lives, through lost connections, restarts of the API and hours in the background.
 * @throws {SignedOutError} when the session is gone
 */
export async function followEvents(options: FollowOptions): Promise<void> {
  let failures = 0;
  let opened = false;
  while (!options.signal.aborted) {
    await visible(options.signal);
    try {
      await follow(
        {
          ...options,
          onOpen: (again) => {
            failures = 0;
            opened = true;
            options.onOpen(again);
          },
        },
        opened,
      );
    } catch (error) {
      if (error instanceof SignedOutError) throw error;
      // Any other failure is the network's or the service's; the banner tells of it, and this tries again.
    }
    if (!options.signal.aborted) await pause(backoff(failures++), options.signal);
  }
}
