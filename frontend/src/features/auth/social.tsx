import dynamic from 'next/dynamic';

/** A way to sign in at somebody else's. */
export interface Provider {
  id: 'github' | 'google' | 'oidc';
  label: string;
}

const SocialButtons = dynamic(() => import('./social-buttons.tsx'));

/** The buttons of the configured providers; without any, their script isn't even loaded. */
export function Social({ providers, next }: { providers: Provider[]; next: string }) {
  return providers.length > 0 ? <SocialButtons providers={providers} next={next} /> : null;
}
