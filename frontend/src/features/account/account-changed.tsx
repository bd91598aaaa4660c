'use client';

import { useSyncExternalStore } from 'react';
import { Button } from '../../components/ui/button.tsx';
import { otherAccount, pageAccount, subscribeToAccount } from '../../lib/page-account.ts';

/**
 * Says that another account is signed in in this browser, and that this page does nothing more until it is loaded anew.
 */
export function AccountChanged() {
  const other = useSyncExternalStore(subscribeToAccount, otherAccount, () => undefined);
  if (other === undefined) return null;
  const mine = pageAccount()?.name ?? 'somebody else';
  return (
    <div
      role="alert"
      className={
        'sticky top-0 z-40 flex flex-wrap items-center justify-center gap-x-4 gap-y-2 bg-warn-tint px-4 py-2.5 ' +
        'text-center text-[0.95rem]'
      }
    >
      <p className="min-w-0 break-words">
        {other === 'somebody' ? (
          'Another account is signed in in this browser now.'
        ) : (
          <>
            This browser is signed in as <strong className="font-semibold">{other.name}</strong> now.
          </>
        )}{' '}
        This page is <span className="font-semibold">{mine}</span>’s: nothing more is sent from it.
      </p>
      <Button variant="secondary" size="sm" onClick={() => window.location.reload()}>
        Load the page anew
      </Button>
    </div>
  );
}
