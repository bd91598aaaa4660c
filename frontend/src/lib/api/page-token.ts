import type { TokenSource } from '@session-guard/api-client';
import { SignedOutError, type TokenStore } from './token-store.ts';

/**
 * The page's JWT as the API client asks for it: kept, renewed once when the API refuses it, and when there is nothing
 * to renew it from, the page is left for the sign-in page.
 */
export function pageToken(tokens: TokenStore, onSignedOut: () => void): TokenSource {
  async function get(): Promise<string | undefined> {
    try {
      return await tokens.get();
    } catch (error) {
      if (!(error instanceof SignedOutError)) throw error;
      onSignedOut();
      return undefined;
    }
  }
  return {
    get,
    renew() {
      tokens.clear();
      return get();
    },
  };
}
