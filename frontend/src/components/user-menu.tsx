'use client';

import { LogOut, Monitor, Moon, Sun, UserRound } from 'lucide-react';
import { useTheme } from 'next-themes';
import { useState } from 'react';
import { toast } from 'sonner';
import { authPost } from '../lib/auth-request.ts';
import { cx } from '../lib/cx.ts';
import { departAfter } from '../lib/departure.ts';
import { tellSignOut } from '../lib/sign-out-news.ts';
import { useHydrated } from '../lib/use-hydrated.ts';
import { AppLink } from './app-link.tsx';
import { Button } from './ui/button.tsx';

const MENU = 'user-menu';

const THEMES = [
  { id: 'system', label: 'System theme', icon: Monitor },
  { id: 'light', label: 'Light theme', icon: Sun },
  { id: 'dark', label: 'Dark theme', icon: Moon },
] as const;

/** The first letters of a name, at most two. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map(
    (word) => Array.from(word ?? '')[0] ?? '',
  );
  return letters.join('').toUpperCase() || '?';
}

/**
 * Who is signed in, and what is theirs: account, theme, signing out. The browser's own popover, so that it opens
 * before the page's script has come, and closes with Escape or a click beside it.
 */
export function UserMenu({ name, email }: { name: string; email: string }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        popoverTarget={MENU}
        aria-label={`User menu: ${name}`}
        title={name}
        className={
          'grid size-10 shrink-0 place-items-center rounded-full bg-tint text-sm font-semibold text-accent ' +
          'hover:bg-sunken'
        }
      >
        <span aria-hidden>{initials(name)}</span>
      </button>
      <div
        id={MENU}
        popover="auto"
        onToggle={(event) => setOpen(event.newState === 'open')}
        className={
          'fixed inset-auto top-14 right-[max(1rem,calc(50vw-26.5rem))] m-0 w-72 max-w-[calc(100vw-2rem)] ' +
          'rounded-card border border-line bg-surface p-2 text-ink shadow-card'
        }
      >
        {open ? (
          <>
            <p dir="auto" className="px-3 pt-2 font-medium wrap-anywhere">
              {name}
            </p>
            <p className="px-3 pb-2 text-sm break-all text-muted">{email}</p>
          </>
        ) : null}
        <div className="grid border-t border-line pt-2">
          <AppLink
            href="/account"
            onNavigate={closeMenu}
            className="flex items-center gap-2.5 rounded-control px-3 py-2.5 text-[0.95rem] hover:bg-sunken"
          >
            <UserRound aria-hidden className="size-4.5" />
            Profile and security
          </AppLink>
          <Themes />
          <SignOut />
        </div>
      </div>
    </>
  );
}

function closeMenu(): void {
  document.getElementById(MENU)?.hidePopover();
}

function Themes() {
  const { theme, setTheme } = useTheme();
  // The server can't know what this browser remembers.
  const hydrated = useHydrated();
  return (
    <div role="group" aria-label="Theme" className="my-1 grid grid-cols-3 gap-1 rounded-control bg-sunken p-1">
      {THEMES.map(({ id, label, icon: Icon }) => {
        const chosen = hydrated && theme === id;
        return (
          <button
            key={id}
            type="button"
            aria-label={label}
            title={label}
            aria-pressed={chosen}
            disabled={!hydrated}
            onClick={() => setTheme(id)}
            className={cx(
              'grid h-9 place-items-center rounded-lg',
              chosen ? 'bg-surface text-ink shadow-card' : 'text-muted hover:text-ink',
            )}
          >
            <Icon aria-hidden className="size-4.5" />
          </button>
        );
      })}
    </div>
  );
}

function SignOut() {
  const [pending, setPending] = useState(false);

  async function signOut() {
    setPending(true);
    await departAfter('/sign-in', async () => {
      const result = await authPost('/sign-out');
      // Whoever is signed out already has what they asked for.
      if (result.ok || result.error.status === 401) {
        tellSignOut();
        return true;
      }
      setPending(false);
      toast.error(result.error.message);
      return false;
    });
  }

  return (
    <Button variant="ghost" pending={pending} className="justify-start px-3 text-ink" onClick={() => void signOut()}>
      <LogOut aria-hidden className="size-4.5" />
      Sign out
    </Button>
  );
}
