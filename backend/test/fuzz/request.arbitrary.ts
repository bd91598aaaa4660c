import type { OpenAPIObject } from '@nestjs/swagger';
import fc from 'fast-check';
import { broken, nastyJson, nastyText, valid, type Schema } from './schema.arbitrary.ts';

/** A request as `app.inject()` takes it. */
export interface FuzzRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly payload?: string;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema?: Schema;
}

const METHODS = ['get', 'post', 'patch', 'delete'] as const;

/** Requests over every operation of the document: valid ones, ones with something broken, signed in and not. */
export function requests(
  document: OpenAPIObject,
  credentials: fc.Arbitrary<Record<string, string>>,
  ids: readonly string[],
): fc.Arbitrary<FuzzRequest> {
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => (item[method] ? [oneOperation(document, path, method, credentials, ids)] : [])),
  );
  return fc.oneof(...operations);
}

function oneOperation(
  document: OpenAPIObject,
  path: string,
  method: (typeof METHODS)[number],
  credentials: fc.Arbitrary<Record<string, string>>,
  ids: readonly string[],
): fc.Arbitrary<FuzzRequest> {
  const operation = document.paths[path]?.[method];
  const parameters = (operation?.parameters ?? []) as Parameter[];
  const streams = Object.keys(contentOf(operation?.responses['200'])).includes('text/event-stream');
  const body =
    operation?.requestBody && 'content' in operation.requestBody
      ? (operation.requestBody.content['application/json']?.schema as Schema)
      : undefined;
  const values = (place: string): fc.Arbitrary<Record<string, string>> =>
    fc.record(
      Object.fromEntries(
        parameters
          .filter((parameter) => parameter.in === place)
          .map((parameter) => [parameter.name, parameterValue(document, parameter, ids)]),
      ),
      {
        requiredKeys:
          place === 'path' ? parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name) : [],
      },
    ) as fc.Arbitrary<Record<string, string>>;
  return fc
    .record({
      inPath: values('path'),
      inQuery: values('query'),
      inHeader: values('header'),
      extraQuery: fc.option(fc.tuple(nastyText, nastyText), { freq: 12, nil: undefined }),
      credential: credentials,
      payload: body ? payloadOf(document, body, ids) : fc.constant(undefined),
      type: fc.oneof(
        { weight: 20, arbitrary: fc.constant('application/json') },
        {
          weight: 1,
          arbitrary: fc.constantFrom('text/plain', 'application/xml', '', 'application/json; charset=latin1'),
        },
      ),
    })
    .map(({ inPath, inQuery, inHeader, extraQuery, credential, payload, type }) => {
      const query = [...Object.entries(inQuery), ...(extraQuery ? [extraQuery] : [])]
        .map((pair) => pair.map(encode).join('='))
        .join('&');
      const target = path.replaceAll(/\{(\w+)\}/g, (_match, name: string) => encode(inPath[name] ?? ''));
      return {
        // A stream would not end here: its headers tell enough.
        method: streams ? 'HEAD' : (method.toUpperCase() as FuzzRequest['method']),
        url: query === '' ? target : `${target}?${query}`,
        headers: {
          ...Object.fromEntries(
            Object.entries(inHeader).map(([name, value]) => [name.toLowerCase(), headerText(value)]),
          ),
          ...credential,
          ...(payload !== undefined && type !== '' && { 'content-type': type }),
        },
        ...(payload !== undefined && { payload }),
      };
    });
}

/** Values that mean something together: versions tasks have, and keys that come again. */
const MEANINGFUL: Readonly<Record<string, fc.Arbitrary<string>>> = {
  'If-Match': fc.constantFrom('"1"', '"2"', '*', 'W/"1"', '"1", "2"'),
  'If-None-Match': fc.constantFrom('"1"', 'W/"1"', '*', '"2"'),
  'Idempotency-Key': fc.nat({ max: 50 }).map((number) => `key-${number}`),
};

function parameterValue(document: OpenAPIObject, parameter: Parameter, ids: readonly string[]): fc.Arbitrary<string> {
  const good = MEANINGFUL[parameter.name] ?? valid(document, parameter.schema ?? {}, ids).map(String);
  return fc.oneof(
    { weight: 10, arbitrary: good },
    { weight: 1, arbitrary: nastyText },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }) },
  );
}

function payloadOf(document: OpenAPIObject, schema: Schema, ids: readonly string[]): fc.Arbitrary<string> {
  const good = valid(document, schema, ids);
  return fc.oneof(
    { weight: 4, arbitrary: good.map((value) => JSON.stringify(value)) },
    { weight: 4, arbitrary: broken(good).map((value) => JSON.stringify(value)) },
    { weight: 1, arbitrary: nastyJson.map((value) => JSON.stringify(value)) },
    { weight: 1, arbitrary: good.map((value) => JSON.stringify(value).slice(0, -2)) },
  );
}

/** Long enough for every limit of a query, short enough to read in a report. */
const URL_PART_MAX = 250;

/** As a client writes it that knows no better; lone surrogates have no encoding, so they go as broken bytes. */
function encode(value: string): string {
  try {
    return encodeURIComponent(value.slice(0, URL_PART_MAX));
  } catch {
    return '%ED%A0%80';
  }
}

/** Node refuses control characters in headers before they are sent. */
function headerText(value: string): string {
  return value.replaceAll(/[^\t\u0020-\u007e\u0080-\u00ff]/g, '?').trim();
}

function contentOf(response: unknown): object {
  return typeof response === 'object' &&
    response !== null &&
    'content' in response &&
    typeof response.content === 'object' &&
    response.content !== null
    ? response.content
    : {};
}
