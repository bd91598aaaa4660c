import { describeFailure } from './auth-request.ts';

describe('describeFailure', () => {
  it.each<[number, string, string, string | null, RegExp]>([
    [0, '', '', null, /No answer/],
    [401, 'INVALID_EMAIL_OR_PASSWORD', 'Invalid email or password', null, /don’t match/],
    [429, '', 'Too many requests', '7', /Wait 7 seconds/],
    [429, '', '', null, /Wait a moment/],
    [500, '', 'relation "user" does not exist', null, /can’t answer right now/],
    [503, 'DATABASE_UNAVAILABLE', '', '2', /can’t answer right now/],
    [400, 'SOMETHING_NEW', 'Said by Better Auth', null, /^Said by Better Auth$/],
    [400, '', '', null, /didn’t work/],
  ])('%d %s', (status, code, message, retryAfter, expected) => {
    expect(describeFailure(status, code, message, retryAfter)).toMatch(expected);
  });
});
