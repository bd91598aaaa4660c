import { ApiProblem, taskEvents, type TaskEvent } from '@session-guard/api-client';
import type { PageApi } from '../../lib/api/page-api.ts';

/**
 * The API sends something every 15 s; this long without anything, in milliseconds, means a dead connection nobody
 * closed.
 */
const SILENCE = 40_000;

/** A page hidden for this long, in milliseconds, lets go of its connection: a browser has six for each host. */
const HIDDEN = 30_000;

/** A response whose body fails when nothing comes for too long, as after a night with the lid closed. */
export function watched(response: Response, silence: number): Response {
  if (!response.body) return response;
  let timer: ReturnType<typeof setTimeout>;
  const watch = new TransformStream<Uint8Array, Uint8Array>({
    start(controller) {
      timer = setTimeout(() => controller.error(new Error('The stream fell silent.')), silence);
    },
    transform(chunk, controller) {
      clearTimeout(timer);
      timer = setTimeout(() => controller.error(new Error('The stream fell silent.')), silence);
      controller.enqueue(chunk);
    },
    flush() {
      clearTimeout(timer);
    },
  });
  return new Response(response.body.pipeThrough(watch), response);
}

/** Resolves at the next of these events, or when `signal` ends. */
function next(events: [EventTarget, string][], signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = new AbortController();
    const finish = () => {
      done.abort();
      resolve();
    };
    for (const [target, name] of [...events, [signal, 'abort'] as [EventTarget, string]])
      target.addEventListener(name, finish, { signal: done.signal });
    if (signal.aborted) finish();
  });
}

/**
 * Ends when `stop` does, or when the page has been hidden for a while, or the network has come back and the old
 * connection is worth nothing.
 */
function whileWorthwhile(stop: AbortSignal): { signal: AbortSignal; release: () => void } {
  const end = new AbortController();
  const listeners = new AbortController();
  let hidden: ReturnType<typeof setTimeout> | undefined;
  const abort = () => end.abort();
  stop.addEventListener('abort', abort, { signal: listeners.signal });
  window.addEventListener('online', abort, { signal: listeners.signal });
  document.addEventListener(
    'visibilitychange',
    () => {
      clearTimeout(hidden);
      if (document.visibilityState === 'hidden') hidden = setTimeout(abort, HIDDEN);
    },
    { signal: listeners.signal },
  );
  return {
    signal: end.signal,
    release: () => {
      clearTimeout(hidden);
      listeners.abort();
    },
  };
}

/**
 * Follows this person's tasks for as long as the page lives: through lost connections, restarts of the API and hours
 * in the background. Returns when `stop` ends or the API refuses for good.
 *
 * @param onEvent gets the API's events, and `reset` once a connection stands before which something may have been
 * missed
 */
export async function followTasks(api: PageApi, stop: AbortSignal, onEvent: (event: TaskEvent) => void): Promise<void> {
  const fetch = async (request: Request) => watched(await api.send(request), SILENCE);
  while (!stop.aborted) {
    if (document.visibilityState === 'hidden') await next([[document, 'visibilitychange']], stop);
    const { signal, release } = whileWorthwhile(stop);
    // What happened before the connection stood, the first one too, was told to nobody here.
    let missed = true;
    try {
      for await (const event of taskEvents({ baseUrl: api.baseUrl, token: api.token, fetch, signal })) {
        if (missed) onEvent({ type: 'reset' });
        missed = false;
        onEvent(event);
      }
    } catch (error) {
      // 401: the token source has dealt with it. 429: too many open pages; this one lives without.
      if (error instanceof ApiProblem) return;
      throw error;
    } finally {
      release();
    }
    // The session ended. The page is on its way to sign in, or has a new session to go on with.
    if (!signal.aborted && !stop.aborted) await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}
