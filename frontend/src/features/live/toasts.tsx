'use client';

import { useTheme } from 'next-themes';
import { Toaster } from 'sonner';

/** Where toasts appear: above the links on a phone, at the bottom right elsewhere. */
export function Toasts() {
  const { resolvedTheme } = useTheme();
  return (
    <Toaster
      theme={resolvedTheme === 'dark' ? 'dark' : 'light'}
      position="bottom-right"
      mobileOffset={{ bottom: '5.5rem' }}
      toastOptions={{
        classNames: {
          toast: '!rounded-control !border-line !bg-surface !font-sans !text-ink !text-[0.95rem] !shadow-card',
          actionButton: '!h-8 !rounded-lg !bg-accent !px-3 !text-on-accent !font-medium',
        },
      }}
    />
  );
}
