'use client';

import { ListTodo, MonitorSmartphone, ShieldCheck, UserRound, type LucideIcon } from 'lucide-react';
import { useLinkStatus } from 'next/link';
import { usePathname } from 'next/navigation';
import { cx } from '../lib/cx.ts';
import { AppLink } from './app-link.tsx';
import { Mark } from './logo.tsx';
import { UserMenu } from './user-menu.tsx';

const LINKS = [
  { href: '/tasks', label: 'Tasks', icon: ListTodo, admin: false },
  { href: '/account', label: 'Account', icon: UserRound, admin: false },
  { href: '/account/sessions', label: 'Sessions', icon: MonitorSmartphone, admin: false },
  { href: '/admin', label: 'Admin', icon: ShieldCheck, admin: true },
];

/** The frame's top; on a phone its links sit at the bottom, where the thumb is. */
export function AppHeader({ name, email, admin }: { name: string; email: string; admin: boolean }) {
  const pathname = usePathname();
  return (
    <header className="sticky top-0 z-20 border-b border-line bg-paper">
      <div className="mx-auto flex h-15 max-w-4xl items-center gap-2 px-4 sm:px-6">
        <AppLink
          href="/tasks"
          aria-label="Session Guard"
          className="mr-auto flex items-center gap-2.5 rounded-lg font-semibold tracking-tight md:mr-5"
        >
          <Mark className="size-7 text-accent" />
          <span className="max-sm:hidden md:max-lg:hidden">Session Guard</span>
        </AppLink>
        <nav
          aria-label="Main"
          className={
            'fixed inset-x-0 bottom-0 z-20 flex border-t border-line bg-paper pb-[env(safe-area-inset-bottom)] ' +
            'md:static md:mr-auto md:gap-1 md:border-0 md:bg-transparent md:p-0'
          }
        >
          {LINKS.filter((link) => !link.admin || admin).map(({ href, label, icon }) => {
            const current = pathname === href;
            return (
              <AppLink
                key={href}
                href={href}
                aria-current={current ? 'page' : undefined}
                className={cx(
                  'flex flex-1 flex-col items-center gap-1 py-2.5 text-xs font-medium transition-colors ' +
                    'md:flex-row md:gap-2 md:rounded-control md:px-3.5 md:py-2 md:text-[0.95rem]',
                  current ? 'text-accent md:bg-tint' : 'text-muted hover:text-ink md:hover:bg-sunken',
                )}
              >
                <LinkIcon icon={icon} current={current} />
                {label}
              </AppLink>
            );
          })}
        </nav>
        <UserMenu name={name} email={email} />
      </div>
    </header>
  );
}

/** While the page it leads to is on its way, a line at the top says so: pages come whole, without a skeleton first. */
function LinkIcon({ icon: Icon, current }: { icon: LucideIcon; current: boolean }) {
  const { pending } = useLinkStatus();
  return (
    <>
      {pending ? (
        <span
          role="progressbar"
          aria-label="Loading the page"
          className="fixed inset-x-0 top-0 z-50 h-0.5 origin-left animate-progress bg-accent"
        />
      ) : null}
      <Icon
        aria-hidden
        className={cx('size-5 md:size-4.5', pending && 'motion-safe:animate-pulse')}
        strokeWidth={current ? 2.2 : 1.8}
      />
    </>
  );
}
