/** One event of a `text/event-stream`. */
export interface StreamEvent {
  readonly type: string;
  readonly id: string | undefined;
  readonly data: string;
  /** Milliseconds the server asks to wait before the next connection. */
  readonly retry: number | undefined;
}

/**
 * Parses server-sent events (WHATWG HTML §9.2) as they arrive. Comments are passed over.
 *
 * @example for await (const event of parseEventStream(response.body)) console.log(event.type, event.data);
 */
export async function* parseEventStream(body: ReadableStream<Uint8Array>): AsyncGenerator<StreamEvent, void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const blocks = `${rest}${decoder.decode(value, { stream: true })}`.replaceAll('\r\n', '\n').split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const event = parseBlock(block);
        if (event) yield event;
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function parseBlock(block: string): StreamEvent | undefined {
  const data: string[] = [];
  let type = 'message';
  let id: string | undefined;
  let retry: number | undefined;
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const value = line.slice(colon + 1).replace(/^ /, '');
    switch (line.slice(0, colon)) {
      case 'event':
        type = value;
        break;
      case 'data':
        data.push(value);
        break;
      case 'id':
        id = value;
        break;
      case 'retry':
        retry = /^\d+$/.test(value) ? Number(value) : undefined;
        break;
    }
  }
  return data.length > 0 ? { type, id, data: data.join('\n'), retry } : undefined;
}
