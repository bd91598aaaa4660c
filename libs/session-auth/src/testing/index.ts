export { AuthTestKit, type AuthTestKitOptions, type SignedIn, type TestUser } from './auth-test-kit.ts';
export type { Queryable } from './database.ts';
export { FakeAuthModule } from './fake-auth.module.ts';
export { FakeSessionVerifier } from './fake-session.verifier.ts';
export { createSigningKey, signJwt, type SigningKey } from './signing-key.ts';
export { createTestApp, type TestAppOptions } from './test-app.ts';
