import fc from 'fast-check';
import { readEvents, type StreamEvent } from './sse.ts';

function body(...chunks: (string | Uint8Array)[]): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(typeof chunk === 'string' ? encoder.encode(chunk) : chunk);
      controller.close();
    },
  });
}

async function all(stream: ReadableStream<Uint8Array>): Promise<StreamEvent[]> {
  const events: StreamEvent[] = [];
  for await (const event of readEvents(stream)) events.push(event);
  return events;
}

describe('readEvents', () => {
  it('reads names, data of several lines and heartbeats', async () => {
    expect(await all(body(': hello\n\nevent: task.updated\nid: 4\ndata: {"id":\ndata: "1"}\n\ndata: x\n\n'))).toEqual([
      { event: ':', data: 'hello' },
      { event: 'task.updated', data: '{"id":\n"1"}' },
      { event: 'message', data: 'x' },
    ]);
  });

  it('drops what was never finished', async () => {
    expect(await all(body('event: a\ndata: 1\n\nevent: b\ndata: 2\n'))).toEqual([{ event: 'a', data: '1' }]);
  });

  it('does not care where the chunks are cut, nor which line ends are used', async () => {
    const text = 'event: a\r\ndata: é✓ 1\r\n\r\n: beat\r\n\r\ndata: 2\r\ndata: 3\r\n\r\n';
    const bytes = new TextEncoder().encode(text);
    const expected = await all(body(text));
    expect(expected).toHaveLength(3);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: bytes.length })), async (cuts) => {
        const points = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        const chunks = points.slice(1).map((end, index) => bytes.slice(points[index], end));
        expect(await all(body(...chunks))).toEqual(expected);
      }),
    );
  });
});
