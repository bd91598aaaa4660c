/** A way to sign in at somebody else's. */
export interface Provider {
  id: 'github' | 'google' | 'oidc';
  label: string;
}
