'use client';

import { lazy, Suspense } from 'react';

/** A way to sign in at somebody else's. */
export interface Provider {
  id: 'github' | 'google' | 'oidc';
  label: string;
}

const SocialButtons = lazy(() => import('./social-buttons.tsx'));

/** The buttons of the configured providers; without any, their script isn't even loaded. */
export function Social({ providers, next }: { providers: Provider[]; next: string }) {
  if (providers.length === 0) return null;
  return (
    <Suspense>
      <SocialButtons providers={providers} next={next} />
    </Suspense>
  );
}
