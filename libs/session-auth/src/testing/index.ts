export { FakeSessionVerifier } from './fake-session.verifier.ts';
