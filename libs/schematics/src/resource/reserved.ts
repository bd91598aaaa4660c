/** Words that can't name a variable in a module, or that would hide something every module uses. */
export const RESERVED_WORDS = new Set(
  (
    'abstract any arguments as async await boolean break case catch class const constructor continue debugger declare default delete do ' +
    'else enum eval export extends false finally for from function get if implements import in instanceof interface is keyof let module ' +
    'namespace never new null number object of package private protected prototype public readonly require return set static string ' +
    'super switch symbol this throw true try type typeof undefined unique unknown var void while with yield'
  ).split(' '),
);

/** Tables of Better Auth, its plugins and this API. */
export const RESERVED_TABLES = new Set(
  (
    'user session account verification jwks organization member invitation team team_member two_factor apikey api_key passkey ' +
    'rate_limit oauth_client oauth_application sso_provider api_migration'
  ).split(' '),
);

/** First segments of routes that the API or its tools answer. */
export const RESERVED_ROUTES = new Set(['health', 'docs', 'openapi', 'auth', 'metrics', 'me', 'mes']);

/** Properties every resource has, or that JavaScript's objects have. */
export const RESERVED_FIELDS = new Set(
  'id userId user createdAt updatedAt version constructor prototype hasOwnProperty toString valueOf toJSON limit cursor data then'.split(' '),
);
