import type { ReactNode } from 'react';
import { Logo } from '../../components/logo.tsx';
import { Showcase } from '../../features/auth/showcase.tsx';

export default function AuthLayout({ children }: { children: ReactNode }) {
  return (
    <div className="grid min-h-dvh lg:grid-cols-[minmax(0,1fr)_minmax(0,1.05fr)]">
      <div className="flex flex-col px-5 py-5 sm:px-10">
        <header>
          <a href="/" className="inline-block rounded-lg">
            <Logo />
          </a>
        </header>
        <main className="mx-auto flex w-full max-w-sm flex-1 flex-col justify-center py-10">
          <noscript>
            <p className="mb-6 rounded-control bg-warn-tint px-4 py-3">
              This page needs JavaScript, which is turned off in this browser.
            </p>
          </noscript>
          {children}
        </main>
      </div>
      <Showcase />
    </div>
  );
}
