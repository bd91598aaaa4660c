'use client';

import { lazy, Suspense, type ComponentType } from 'react';
import type { Provider } from './provider.ts';

interface SocialProps {
  providers: Provider[];
  next: string;
}

/** Without its script the rest of the page is as good as ever. */
const SocialButtons = lazy<ComponentType<SocialProps>>(() =>
  import('./social-buttons.tsx').catch(() => ({ default: () => null })),
);

/** The buttons of the configured providers; without any, their script isn't even loaded. */
export function Social({ providers, next }: SocialProps) {
  if (providers.length === 0) return null;
  return (
    <Suspense>
      <SocialButtons providers={providers} next={next} />
    </Suspense>
  );
}
