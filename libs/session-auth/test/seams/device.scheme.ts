import { createHmac, timingSafeEqual } from 'node:crypto';
import type { CredentialScheme } from '@session-guard/auth';

/** A secret that the devices of a made-up product share with its API. */
const DEVICE_SECRET = 'a secret that is burnt into each device';

/** What a device sends: the id of the session it was given, and its HMAC of that. */
export function deviceHeaders(sessionId: string, secret = DEVICE_SECRET): Record<string, string> {
  return { 'x-signature': `${sessionId}.${signatureOf(sessionId, secret)}` };
}

/** `X-Signature: <session's id>.<HMAC>`: a made-up credential, in one file, added by one option. */
export const deviceSignature: CredentialScheme = {
  kind: 'device',
  attachedByBrowser: false,
  document: {
    name: 'device',
    definition: { type: 'apiKey', in: 'header', name: 'X-Signature' },
    accepts: 'the signature of a registered device',
  },
  find: ({ 'x-signature': signature }) => (typeof signature === 'string' ? signature : null),
  verify: async (signature, sessions) => {
    const dot = signature.lastIndexOf('.');
    const sessionId = signature.slice(0, Math.max(dot, 0));
    const given = Buffer.from(signature.slice(dot + 1));
    const expected = Buffer.from(signatureOf(sessionId, DEVICE_SECRET));
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return { refused: 'bad_signature' };
    return sessions.findById(sessionId);
  },
};

function signatureOf(sessionId: string, secret: string): string {
  return createHmac('sha256', secret).update(sessionId).digest('base64url');
}
