import type { TestApp, TestUser } from './app.ts';

/** One server-sent event. */
export interface ReceivedEvent {
  readonly type: string;
  readonly id: string | undefined;
  readonly data: unknown;
}

/** A reader of `GET /api/tasks/events` that remembers what it got. */
export class EventReader {
  readonly events: ReceivedEvent[] = [];
  /** True once the server has ended the stream. */
  ended = false;
  readonly #abort = new AbortController();
  readonly #waiting = new Set<() => void>();

  private constructor(readonly response: Response) {}

  static async open(
    api: Pick<TestApp, 'url'>,
    user: TestUser,
    headers: Record<string, string> = {},
  ): Promise<EventReader> {
    const abort = new AbortController();
    const response = await fetch(`${api.url}/api/tasks/events`, {
      headers: { authorization: user.bearer, ...headers },
      signal: abort.signal,
    });
    const reader = new EventReader(response);
    reader.#abort.signal.addEventListener('abort', () => abort.abort());
    void reader.#read();
    return reader;
  }

  /** Resolves once `condition` holds; looks again after every event. */
  async until(condition: (reader: EventReader) => boolean, milliseconds = 5_000): Promise<void> {
    const limit = AbortSignal.timeout(milliseconds);
    while (!condition(this)) {
      if (limit.aborted)
        throw new Error(`It did not happen in ${milliseconds} ms. Seen: ${JSON.stringify(this.events)}`);
      await new Promise<void>((resolve) => {
        const go = (): void => {
          this.#waiting.delete(go);
          limit.removeEventListener('abort', go);
          resolve();
        };
        this.#waiting.add(go);
        limit.addEventListener('abort', go);
      });
    }
  }

  /** The first event of a type, waited for. */
  async first(type: string): Promise<ReceivedEvent> {
    await this.until(({ events }) => events.some((event) => event.type === type));
    const found = this.events.find((event) => event.type === type);
    if (!found) throw new Error(`no ${type}`);
    return found;
  }

  close(): void {
    this.#abort.abort();
  }

  async #read(): Promise<void> {
    let text = '';
    const decoder = new TextDecoder();
    try {
      for await (const chunk of this.response.body ?? []) {
        text += decoder.decode(chunk, { stream: true });
        const blocks = text.split('\n\n');
        text = blocks.pop() ?? '';
        for (const block of blocks) this.#take(block);
      }
    } catch {
      // Closed by the test.
    }
    this.ended = true;
    this.#wake();
  }

  #take(block: string): void {
    const fields = new Map(
      block
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith(':'))
        .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
    );
    const data = fields.get('data');
    if (data !== undefined)
      this.events.push({ type: fields.get('event') ?? 'message', id: fields.get('id'), data: JSON.parse(data) });
    this.#wake();
  }

  #wake(): void {
    for (const go of this.#waiting) go();
  }
}
