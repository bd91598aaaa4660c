import { SpanKind, SpanStatusCode, trace, type Span, type Tracer } from '@opentelemetry/api';
import pg from 'pg';
import { withoutLiterals } from '../http/errors/database-failure.ts';

type Callback = (error: Error | null | undefined, result?: unknown) => void;

/** What `Client.query` takes first: SQL, a configuration, or a query that submits itself. */
interface Submittable {
  submit: unknown;
  text?: string;
  callback?: Callback | undefined;
}

/**
 * Gives each statement sent within a request a span. Statements outside of one (heartbeats, readiness) get none.
 *
 * pg is patched at its one door: TypeORM, the pool and the owner's scope all send through `Client.query`.
 */
export function traceQueries(tracer: Tracer): void {
  const { prototype } = pg.Client as unknown as { prototype: { query(...args: unknown[]): unknown } };
  const send = Object.getOwnPropertyDescriptor(prototype, 'query')?.value as (
    this: unknown,
    ...args: unknown[]
  ) => unknown;
  prototype.query = function traced(this: unknown, ...args: unknown[]): unknown {
    if (trace.getActiveSpan() === undefined) return send.apply(this, args);
    const [statement] = args;
    const text = textOf(statement);
    const span = tracer.startSpan(summary(text), {
      kind: SpanKind.CLIENT,
      attributes: { 'db.system.name': 'postgresql', 'db.query.text': text },
    });
    if (isSubmittable(statement)) {
      statement.callback = ended(span, statement.callback);
      return send.apply(this, args);
    }
    const last = args.length - 1;
    if (typeof args[last] === 'function')
      return send.apply(this, [...args.slice(0, last), ended(span, args[last] as Callback)]);
    const result = send.apply(this, args) as Promise<unknown>;
    const finish = ended(span, undefined);
    result.then(
      () => finish(undefined),
      (error: unknown) => finish(error instanceof Error ? error : new Error('query failed')),
    );
    return result;
  };
}

function ended(span: Span, callback: Callback | undefined): Callback {
  return (error, result) => {
    // By its code only: a driver's message may quote a value.
    if (error)
      span.setStatus({ code: SpanStatusCode.ERROR, message: 'code' in error ? String(error.code) : error.name });
    span.end();
    callback?.(error, result);
  };
}

function isSubmittable(statement: unknown): statement is Submittable {
  return typeof statement === 'object' && statement !== null && 'submit' in statement;
}

/** The statement with literals struck out. Values travel beside it and are never read. */
function textOf(statement: unknown): string {
  const text = typeof statement === 'string' ? statement : ((statement as { text?: string } | undefined)?.text ?? '');
  return withoutLiterals(text);
}

/** `select session` for a span's name. */
function summary(text: string): string {
  const verb = /^\w+/.exec(text)?.[0].toUpperCase() ?? 'QUERY';
  const table = /\b(?:from|into|update)\s+(?:"?\w+"?\.)?"?(\w+)"?/i.exec(text)?.[1];
  return table === undefined ? verb : `${verb} ${table}`;
}
