import { watched } from './follow-tasks.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('watched', () => {
  it('passes everything on while something comes', async () => {
    const body = new ReadableStream<Uint8Array>({
      async start(controller) {
        for (const text of ['a', 'b', 'c']) {
          controller.enqueue(bytes(text));
          await new Promise((resolve) => setTimeout(resolve, 30));
        }
        controller.close();
      },
    });
    expect(await watched(new Response(body, { status: 200 }), 200).text()).toBe('abc');
  });

  it('fails when nothing comes for too long', async () => {
    const body = new ReadableStream<Uint8Array>({ start: (controller) => controller.enqueue(bytes('a')) });
    await expect(watched(new Response(body), 50).text()).rejects.toThrow('fell silent');
  });

  it('leaves an answer without a body alone', () => {
    const response = new Response(null, { status: 204 });
    expect(watched(response, 10)).toBe(response);
  });
});
