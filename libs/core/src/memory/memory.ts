import type { Refused, Resolved, StoredPrincipal } from '../principal.ts';

/** Asks the database about one credential. */
export type Load = () => Promise<Resolved | Refused>;

/**
 * Remembers whom credentials prove. It answers only while the revocation feed is proven; a load that a revocation
 * overtook is loaded again.
 */
export interface Memory {
  /** What is remembered of a credential and may be relied upon now; null for nothing. */
  peek(key: string): StoredPrincipal | null;

  /**
   * What is remembered, at once; otherwise what `load` says, which loads at the same time share.
   *
   * @param key a digest of the whole credential
   * @throws what `load` throws, through the promise
   */
  recall(key: string, load: Load): StoredPrincipal | Promise<StoredPrincipal | Refused>;
}

/** Remembers nothing: `cache: false`, or revocations that nobody announces. */
export const NO_MEMORY: Memory = {
  peek: () => null,
  recall: async (_key, load) => principalOf(await load()),
};

/** What a load says of the principal alone. */
export function principalOf(loaded: Resolved | Refused): StoredPrincipal | Refused {
  return 'refused' in loaded ? loaded : loaded.principal;
}
