import type { INestApplicationContext } from '@nestjs/common';
import { SessionVerifier } from '@session-guard/auth';
import { DOCUMENT_PATH, REFERENCE_PATH } from '../api.paths.ts';
import type { EarlyLimit } from '../http/server/early.refusals.ts';
import { AddressStanding } from './address.standing.ts';
import { RefusalLimit } from './refusal.limit.ts';

/** Lets an address past its limit do no more than what memory answers. */
export function earlyLimit(app: INestApplicationContext): EarlyLimit {
  const refusals = app.get(RefusalLimit);
  const standing = app.get(AddressStanding);
  const verifier = app.get(SessionVerifier);
  return {
    // The reference and the document have no guard that counts them.
    isUnguarded: (route) => route.startsWith(REFERENCE_PATH) || route.startsWith(DOCUMENT_PATH),
    count: (request, reply) => refusals.count(request, reply),
    refusal: (request) => {
      const refusal = standing.refusal(request.ip);
      // Of what has no limit, such as probes: orchestrators may come from the address of those who are past theirs.
      if (!refusal || request.routeOptions.config.isUnlimited === true) return undefined;
      const known = verifier.recall(request.headers);
      return known && 'identity' in known ? undefined : refusal;
    },
  };
}
