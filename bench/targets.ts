import { BEARER, COOKIE, FIND_ONE, JOSE, JWT, OPEN, STARTED, THALLESP, UNCACHED } from './contenders.ts';

/** A promise: `what` is at least `least` times `than`, on one of the two routes. */
export interface Target {
  readonly route: 'me' | 'list';
  readonly what: string;
  readonly than: string;
  readonly least: number;
}

export const TARGETS: readonly Target[] = [
  ...[BEARER, COOKIE, JWT].map((what) => ({ route: 'me', what, than: OPEN, least: 0.9 }) as const),
  { route: 'me', what: STARTED, than: BEARER, least: 0.9 },
  { route: 'me', what: BEARER, than: JOSE, least: 1.6 },
  { route: 'me', what: BEARER, than: THALLESP, least: 15 },
  { route: 'me', what: UNCACHED, than: THALLESP, least: 10 },
  { route: 'me', what: UNCACHED, than: FIND_ONE, least: 3 },
  { route: 'list', what: BEARER, than: THALLESP, least: 5 },
];
