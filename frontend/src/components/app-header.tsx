'use client';

import { ListTodo, LogOut, MonitorSmartphone, ShieldCheck, UserRound, type LucideIcon } from 'lucide-react';
import Link, { useLinkStatus } from 'next/link';
import { usePathname } from 'next/navigation';
import { useState } from 'react';
import { toast } from 'sonner';
import { authPost } from '../lib/auth-request.ts';
import { cx } from '../lib/cx.ts';
import { departAfter } from '../lib/departure.ts';
import { Mark } from './logo.tsx';
import { ThemeToggle } from './theme-toggle.tsx';
import { Button } from './ui/button.tsx';

const LINKS = [
  { href: '/tasks', label: 'Tasks', icon: ListTodo, admin: false },
  { href: '/account', label: 'Account', icon: UserRound, admin: false },
  { href: '/account/sessions', label: 'Sessions', icon: MonitorSmartphone, admin: false },
  { href: '/admin', label: 'Admin', icon: ShieldCheck, admin: true },
];

/** The frame's top; on a phone its links sit at the bottom, where the thumb is. */
export function AppHeader({ admin }: { admin: boolean }) {
  const pathname = usePathname();
  return (
    <header className="sticky top-0 z-20 border-b border-line bg-paper">
      <div className="mx-auto flex h-15 max-w-4xl items-center gap-2 px-4 sm:px-6">
        <Link href="/tasks" prefetch={false} aria-label="Session Guard" className="mr-auto flex items-center gap-2.5 rounded-lg font-semibold tracking-tight md:mr-5">
          <Mark className="size-7 text-accent" />
          <span className="max-sm:hidden md:max-lg:hidden">Session Guard</span>
        </Link>
        <nav
          aria-label="Main"
          className="fixed inset-x-0 bottom-0 z-20 flex border-t border-line bg-paper pb-[env(safe-area-inset-bottom)] md:static md:mr-auto md:gap-1 md:border-0 md:bg-transparent md:p-0"
        >
          {LINKS.filter((link) => !link.admin || admin).map(({ href, label, icon }) => {
            const current = pathname === href;
            return (
              <Link
                key={href}
                href={href}
                prefetch={false}
                aria-current={current ? 'page' : undefined}
                className={cx(
                  'flex flex-1 flex-col items-center gap-1 py-2.5 text-xs font-medium transition-colors md:flex-row md:gap-2 md:rounded-control md:px-3.5 md:py-2 md:text-[0.95rem]',
                  current ? 'text-accent md:bg-tint' : 'text-muted hover:text-ink md:hover:bg-sunken',
                )}
              >
                <LinkIcon icon={icon} current={current} />
                {label}
              </Link>
            );
          })}
        </nav>
        <ThemeToggle />
        <SignOut />
      </div>
    </header>
  );
}

/** Pulses while the page it leads to is on its way: pages come whole, without a skeleton first. */
function LinkIcon({ icon: Icon, current }: { icon: LucideIcon; current: boolean }) {
  const { pending } = useLinkStatus();
  return <Icon aria-hidden className={cx('size-5 md:size-4.5', pending && 'motion-safe:animate-pulse')} strokeWidth={current ? 2.2 : 1.8} />;
}

function SignOut() {
  const [pending, setPending] = useState(false);

  async function signOut() {
    setPending(true);
    await departAfter('/sign-in', async () => {
      const result = await authPost('/sign-out');
      // Whoever is signed out already has what they asked for.
      if (result.ok || result.error.status === 401) return true;
      setPending(false);
      toast.error(result.error.message);
      return false;
    });
  }

  return (
    <Button variant="ghost" size="sm" pending={pending} onClick={() => void signOut()}>
      <LogOut aria-hidden className="size-4.5" />
      <span className="max-sm:sr-only">Sign out</span>
    </Button>
  );
}
