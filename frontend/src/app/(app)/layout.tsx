import type { ReactNode } from 'react';
import { AppHeader } from '../../components/app-header.tsx';
import { ImpersonationBanner } from '../../features/admin/impersonation-banner.tsx';
import { AccountChanged } from '../../features/account/account-changed.tsx';
import { ConnectionBanner } from '../../features/live/connection-banner.tsx';
import { PageProviders } from '../../features/live/page-providers.tsx';
import { env } from '../../server/env.ts';
import { pageAccountOf } from '../../server/auth/page-account.ts';
import { getSession } from '../../server/auth/session.ts';

export default async function AppLayout({ children }: { children: ReactNode }) {
  // Only the frame: every page inside checks the session itself, since a layout is not rendered anew on each
  // navigation.
  const session = await getSession();
  if (!session) return <main>{children}</main>;
  const { user } = session;
  return (
    <PageProviders apiUrl={env().apiUrl} userId={user.id} account={pageAccountOf(session)}>
      <a
        href="#content"
        className={
          'sr-only focus:not-sr-only focus:fixed focus:top-3 focus:left-3 focus:z-50 focus:rounded-control ' +
          'focus:bg-surface focus:px-4 focus:py-2 focus:shadow-card'
        }
      >
        Skip to content
      </a>
      <noscript>
        <p className="bg-warn-tint px-4 py-3 text-center">
          This page needs JavaScript, which is turned off in this browser. You can see what is here, and change nothing.
        </p>
      </noscript>
      <AccountChanged />
      {session.session.impersonatedBy ? <ImpersonationBanner name={user.name} email={user.email} /> : null}
      <AppHeader name={user.name} email={user.email} admin={user.role === 'admin'} />
      <ConnectionBanner />
      <main
        id="content"
        tabIndex={-1}
        className="mx-auto w-full max-w-4xl px-4 pt-6 pb-28 outline-none sm:px-6 sm:pt-10 md:pb-16"
      >
        {children}
      </main>
    </PageProviders>
  );
}
