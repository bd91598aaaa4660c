import { problem } from './problem.ts';

it.each([
  [400, 'bad_request', 'Bad Request'],
  [401, 'unauthenticated', 'Unauthorized'],
  [403, 'forbidden', 'Forbidden'],
  [404, 'not_found', 'Not Found'],
  [405, 'method_not_allowed', 'Method Not Allowed'],
  [406, 'not_acceptable', 'Not Acceptable'],
  [408, 'request_timeout', 'Request Timeout'],
  [409, 'conflict', 'Conflict'],
  [412, 'precondition_failed', 'Precondition Failed'],
  [413, 'body_too_large', 'Payload Too Large'],
  [414, 'uri_too_long', 'URI Too Long'],
  [415, 'unsupported_media_type', 'Unsupported Media Type'],
  [417, 'expectation_failed', 'Expectation Failed'],
  [422, 'unprocessable', 'Unprocessable Entity'],
  [429, 'rate_limited', 'Too Many Requests'],
  [431, 'headers_too_large', 'Request Header Fields Too Large'],
  [500, 'internal_error', 'Internal Server Error'],
  [503, 'unavailable', 'Service Unavailable'],
  // A status that has no words of its own gets those of its kind.
  [418, 'bad_request', "I'm a Teapot"],
  [499, 'bad_request', 'Error'],
  [502, 'internal_error', 'Bad Gateway'],
  [599, 'internal_error', 'Error'],
])('%i is a problem of the kind %s, and says what to do', (status, code, title) => {
  const found = problem({ status });
  expect(found).toEqual({ type: `urn:problem:${code}`, title, status, detail: found.detail, code });
  expect(found.detail).toMatch(/^[A-Z].*\w\.$/);
});

it('what is given holds, and the type follows the code', () => {
  expect(problem({ status: 409, code: 'taken', detail: 'It is taken.' })).toMatchObject({
    type: 'urn:problem:taken',
    title: 'Conflict',
    code: 'taken',
    detail: 'It is taken.',
  });
  const whole = {
    type: 'urn:x',
    title: 'T',
    status: 400,
    detail: 'D',
    code: 'c',
    errors: [{ pointer: '/a', message: 'm' }],
  };
  expect(problem(whole)).toEqual(whole);
});
