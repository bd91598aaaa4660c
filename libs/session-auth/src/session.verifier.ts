import { SessionVerifier as Verifier } from '@session-guard/core';
import type { AcceptedVerdict as Accepted, Verdict as AnyVerdict } from '@session-guard/core';
import type { AuthenticatedSession, AuthenticatedUser } from './auth.types.ts';

/** The core's verifier, with the application's own types of user and session. */
export type SessionVerifier = Verifier<AuthenticatedUser, AuthenticatedSession>;
export const SessionVerifier: new (...args: ConstructorParameters<typeof Verifier>) => SessionVerifier = Verifier;

export type Verdict = AnyVerdict<AuthenticatedUser, AuthenticatedSession>;
export type AcceptedVerdict = Accepted<AuthenticatedUser, AuthenticatedSession>;
