/** Words that can't name a variable or a parameter in a module. */
export const RESERVED_WORDS = new Set(
  (
    'arguments await break case catch class const constructor continue debugger default delete do else enum eval ' +
    'export extends false finally for function if implements import in instanceof interface let new null package ' +
    'private protected prototype public return static super switch this throw true try typeof undefined var void ' +
    'while with yield'
  ).split(' '),
);

/** Tables of Better Auth, its plugins and this API. */
export const RESERVED_TABLES = new Set(
  (
    'user session account verification jwks organization member invitation team team_member two_factor apikey ' +
    'api_key passkey rate_limit oauth_client oauth_application sso_provider api_migration'
  ).split(' '),
);

/** Names that the generated service uses itself. */
export const RESERVED_NAMES = new Set(['cursor', 'isolation']);

/** First segments of routes that the API or its tools answer. */
export const RESERVED_ROUTES = new Set(['health', 'docs', 'openapi', 'auth', 'metrics', 'me', 'mes']);

/** Properties every resource has, or that JavaScript's objects have. */
export const RESERVED_FIELDS = new Set(
  (
    'id userId user createdAt updatedAt version constructor prototype hasOwnProperty toString valueOf toJSON limit ' +
    'cursor data then'
  ).split(' '),
);
