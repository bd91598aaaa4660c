'use client';

import { useEffect } from 'react';
import { pageAccount, type PageAccount } from '../../lib/page-account.ts';

/**
 * Stands in every page of an account. The frame around a page is not made anew when a link is followed, so a page
 * of another account may arrive in it: then everything is loaded anew.
 */
export function PageOwner({ account }: { account: PageAccount }) {
  const { key } = account;
  useEffect(() => {
    const frame = pageAccount();
    if (frame && frame.key !== key) window.location.reload();
  }, [key]);
  return null;
}
