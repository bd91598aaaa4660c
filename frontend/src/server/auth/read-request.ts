/** Bytes of a body. The server refuses a longer one before it gets here; this is for whoever serves without it. */
export const BODY_LIMIT_BYTES = 65_536;

/** Names its cause in a code and a sentence, as Better Auth does. */
export function failure(status: number, code: string, message: string, headers: Record<string, string> = {}): Response {
  return Response.json({ code, message }, { status, headers: { 'cache-control': 'no-store', ...headers } });
}

const tooLarge = (): Response =>
  failure(413, 'BODY_TOO_LARGE', `A request may have ${BODY_LIMIT_BYTES} bytes.`, { connection: 'close' });

/**
 * The request with its body read and looked at, or the answer to one that Better Auth should not see: a body that is
 * too long (413), or one that says JSON and isn't, or isn't an object (400).
 */
export async function readRequest(request: Request): Promise<Request | Response> {
  if (Number(request.headers.get('content-length') ?? 0) > BODY_LIMIT_BYTES) return tooLarge();
  if (request.body === null) return request;
  // Broken off by the client: nobody reads the answer.
  const bytes = await readBody(request.body).catch(() => new Uint8Array());
  if (bytes === undefined) return tooLarge();
  if (request.headers.get('content-type')?.includes('json') === true && bytes.length > 0 && !isObject(bytes)) {
    return failure(400, 'INVALID_JSON', 'The body must be a JSON object in UTF-8.');
  }
  const { url, method, headers, signal } = request;
  return new Request(url, { method, headers, signal, ...(bytes.length > 0 ? { body: bytes } : {}) });
}

async function readBody(body: ReadableStream<Uint8Array>): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > BODY_LIMIT_BYTES) return undefined;
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

function isObject(bytes: Uint8Array): boolean {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
