import { OAuth2Server } from 'oauth2-mock-server';

/** The person whom the provider knows. */
export interface OidcPerson {
  sub: string;
  name: string;
  email: string;
  email_verified: boolean;
}

/** A running OpenID Connect provider that signs in one person without asking. */
export interface OidcProvider {
  /** What the web application is told. */
  env: { OIDC_ISSUER: string; OIDC_CLIENT_ID: string; OIDC_CLIENT_SECRET: string };
  stop(): Promise<void>;
}

/**
 * Starts a provider of our own on a free port: discovery, authorization, tokens signed with a key of its own, user
 * info.
 */
export async function startOidcProvider(person: OidcPerson): Promise<OidcProvider> {
  const server = new OAuth2Server();
  await server.issuer.keys.generate('RS256');
  server.service.on(
    'beforeTokenSigning',
    (token: { payload: Record<string, unknown> }) => void Object.assign(token.payload, person),
  );
  server.service.on('beforeUserinfo', (response: { body: unknown }) => void (response.body = person));
  await server.start(0, 'localhost');
  const { port } = server.address();
  const issuer = `http://localhost:${port}`;
  server.issuer.url = issuer;
  return {
    env: { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: 'session-guard', OIDC_CLIENT_SECRET: 'not-a-secret-anywhere' },
    stop: () => server.stop(),
  };
}
