import type { CredentialKind, Refused, RequestHeaders, Resolved } from '../principal.ts';
import type { SessionLookup } from '../lookup/session.lookup.ts';

/** A security scheme of OpenAPI 3, as far as credentials need it. */
export type SecurityDefinition =
  | { readonly type: 'http'; readonly scheme: string }
  | { readonly type: 'apiKey'; readonly in: 'cookie' | 'header'; readonly name: string };

/** How OpenAPI calls a scheme. Schemes with one name are one entry of the document. */
export interface SchemeDocument {
  readonly name: string;
  readonly definition: SecurityDefinition;
  /** What is accepted, in words, e.g. `a session token`. Null where it isn't, and where {@link note} says it all. */
  readonly accepts: string | null;
  /** The whole description, where there is more to say. */
  readonly note?: string;
}

/**
 * One kind of credential. Nothing else knows how it looks. The first scheme that finds its credential decides alone:
 * a client that names a credential is never answered as whoever another one stands for.
 *
 * @example
 * const deviceSignature: CredentialScheme = {
 *   kind: 'device',
 *   attachedByBrowser: false,
 *   document: {
 *     name: 'device',
 *     definition: { type: 'apiKey', in: 'header', name: 'X-Signature' },
 *     accepts: 'a signature of a registered device',
 *   },
 *   find: ({ 'x-signature': signature }) => (typeof signature === 'string' ? signature : null),
 *   verify: async (signature, sessions) => {
 *     const sessionId = openSignature(signature, DEVICE_SECRET);
 *     return sessionId === undefined ? { refused: 'bad_signature' } : sessions.findById(sessionId);
 *   },
 * };
 * AuthModule.forRoot({ …, schemes: [deviceSignature] });
 */
export interface CredentialScheme {
  readonly kind: CredentialKind;
  /** Whether a browser sends it unasked, as it does cookies. Unsafe requests then need a trusted `Origin`. */
  readonly attachedByBrowser: boolean;
  readonly document: SchemeDocument;

  /**
   * Finds its credential. Runs for every request: no parsing, no lookup.
   *
   * @param bearer what follows `Authorization: Bearer`, trimmed; null without such a header
   * @returns the credential as it was sent, null where there is none of this kind, or why it can't be one
   */
  find(headers: RequestHeaders, bearer: string | null): string | Refused<'malformed'> | null;

  /**
   * Proves form and signature, and looks up what the credential stands for. Not asked while the answer is remembered.
   *
   * @param credential what {@link find} returned. Never log it.
   * @throws the driver's error when the database can't answer
   */
  verify(credential: string, sessions: SessionLookup): Promise<Resolved | Refused>;
}
