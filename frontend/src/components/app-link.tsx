'use client';

import Link from 'next/link';
import type { ComponentProps } from 'react';
import { toast } from 'sonner';

export interface AppLinkProps extends Omit<ComponentProps<typeof Link>, 'onNavigate'> {
  /** Called before the page changes. */
  onNavigate?: () => void;
}

/**
 * A link inside the application. Without a network it says so and stays: following it would end on the browser's own
 * error page, and what was typed here would be gone.
 */
export function AppLink({ onNavigate, ...props }: AppLinkProps) {
  return (
    <Link
      prefetch={false}
      {...props}
      onNavigate={(event) => {
        if (navigator.onLine) {
          onNavigate?.();
          return;
        }
        event.preventDefault();
        toast.error('You’re offline. The page can be opened once you’re back.');
      }}
    />
  );
}
