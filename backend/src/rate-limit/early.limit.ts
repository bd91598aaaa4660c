import type { INestApplicationContext } from '@nestjs/common';
import { SessionVerifier } from '@session-guard/auth';
import type { Doorkeeper } from '../http/server/early.refusals.ts';
import { AddressStanding } from './address.standing.ts';
import { RefusalLimit } from './refusal.limit.ts';

/** Lets an address past its limit do no more than what memory answers. */
export function doorkeeper(app: INestApplicationContext, prefix: string): Doorkeeper {
  const refusals = app.get(RefusalLimit);
  const standing = app.get(AddressStanding);
  const verifier = app.get(SessionVerifier);
  return {
    // The reference and the document have no guard that counts them.
    isUnguarded: (route) => route.startsWith(`/${prefix}/docs`) || route.startsWith(`/${prefix}/openapi`),
    count: (request, reply) => refusals.count(request, reply),
    refusal: (request) => {
      const refusal = standing.refusal(request.ip);
      // Health isn't limited: orchestrators act on it, and may come from the address of those who are.
      if (!refusal || request.routeOptions.url?.startsWith(`/${prefix}/health/`)) return undefined;
      const known = verifier.recall(request.headers);
      return known && 'identity' in known ? undefined : refusal;
    },
  };
}
