/** One event of a `text/event-stream`. */
export interface StreamEvent {
  /** `message` when the server named none. */
  event: string;
  data: string;
}

/**
 * Reads server-sent events from the body of a fetch; `EventSource` can't send an Authorization header.
 * Comments (heartbeats) are yielded as events named `:`, so that a reader can tell a quiet stream from a dead one.
 */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<StreamEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let buffer = '';
  let event = '';
  let data: string[] = [];
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      buffer += decoder.decode(value, { stream: true });
      // A chunk may end between the CR and the LF of one line end.
      const complete = buffer.endsWith('\r') ? buffer.slice(0, -1) : buffer;
      const lines = complete.split(/\r\n|\n|\r/);
      buffer = (lines.pop() ?? '') + buffer.slice(complete.length);
      for (const line of lines) {
        if (line === '') {
          if (data.length > 0) yield { event: event || 'message', data: data.join('\n') };
          event = '';
          data = [];
        } else if (line.startsWith(':')) {
          yield { event: ':', data: line.slice(1).trim() };
        } else {
          const at = line.indexOf(':');
          const field = at < 0 ? line : line.slice(0, at);
          const text = at < 0 ? '' : line.slice(at + 1).replace(/^ /, '');
          if (field === 'event') event = text;
          else if (field === 'data') data.push(text);
        }
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
