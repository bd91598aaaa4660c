'use client';

import { Laptop, LogOut, Smartphone, SquareTerminal, Tablet } from 'lucide-react';
import { useId, useState, useTransition } from 'react';
import { toast } from 'sonner';
import { Button } from '../../components/ui/button.tsx';
import { cx } from '../../lib/cx.ts';
import { agoLabel } from '../../lib/dates.ts';
import { pageAccount } from '../../lib/page-account.ts';
import type { Device } from '../../lib/user-agent.ts';
import { useHydrated } from '../../lib/use-hydrated.ts';
import { revokeOtherSessions, revokeSession } from './actions.ts';

/** A session as its owner may see it; no token, ever. */
export interface SessionView {
  id: string;
  device: Device;
  /** Address it was opened from, or empty. */
  address: string;
  /** ISO 8601. */
  createdAt: string;
  /** ISO 8601; exact to ten minutes. */
  lastUsedAt: string;
  current: boolean;
  /** Opened by an administrator acting as this person. */
  impersonated: boolean;
}

const ICONS = { desktop: Laptop, phone: Smartphone, tablet: Tablet, program: SquareTerminal };

/** Every place this person is signed in at. */
export function SessionList({ sessions }: { sessions: SessionView[] }) {
  const [gone, setGone] = useState<ReadonlySet<string>>(new Set());
  const [ending, startEnding] = useTransition();
  const shown = sessions.filter(({ id }) => !gone.has(id));
  const others = shown.filter(({ current }) => !current);

  function endOthers() {
    startEnding(async () => {
      const result = await revokeOtherSessions(pageAccount()?.key);
      if (!result.ok) {
        toast.error(result.message);
        return;
      }
      setGone(new Set(others.map(({ id }) => id)));
      toast.success('Every other device is signed out');
    });
  }

  return (
    <div className="grid gap-5">
      <ul className="divide-y divide-line rounded-card border border-line bg-surface shadow-card">
        {shown.map((session) => (
          <SessionRow
            key={session.id}
            session={session}
            onGone={() => setGone((before) => new Set(before).add(session.id))}
          />
        ))}
      </ul>
      {others.length > 0 ? (
        <div className="flex justify-end">
          <Button variant="secondary" pending={ending} onClick={endOthers}>
            <LogOut aria-hidden className="size-4.5" />
            Sign out other devices
          </Button>
        </div>
      ) : (
        <p className="text-center text-muted">You aren’t signed in anywhere else.</p>
      )}
    </div>
  );
}

function SessionRow({ session, onGone }: { session: SessionView; onGone: () => void }) {
  const nameId = useId();
  const [pending, start] = useTransition();
  const hydrated = useHydrated();
  const { device, address, current } = session;
  const Icon = ICONS[device.kind];
  const ago = (iso: string) => (hydrated ? agoLabel(iso, new Date()) : iso.slice(0, 10));

  function revoke() {
    start(async () => {
      const result = await revokeSession(session.id, pageAccount()?.key);
      if (result.ok) onGone();
      else toast.error(result.message);
    });
  }

  return (
    <li aria-labelledby={nameId} className="flex flex-wrap items-center gap-x-4 gap-y-3 px-4 py-4 sm:px-5">
      <span
        className={cx(
          'grid size-11 shrink-0 place-items-center rounded-xl',
          current ? 'bg-accent text-on-accent' : 'bg-sunken text-muted',
        )}
      >
        <Icon aria-hidden className="size-5" />
      </span>
      <div className="min-w-0 flex-1 basis-44">
        <p id={nameId} className="font-medium">
          {device.name}
        </p>
        <p className="text-sm text-muted">
          {session.impersonated ? 'An administrator acting as you · ' : ''}
          {address || 'Address unknown'} · used <time dateTime={session.lastUsedAt}>{ago(session.lastUsedAt)}</time>
        </p>
        <p className="text-sm text-muted">
          Signed in <time dateTime={session.createdAt}>{ago(session.createdAt)}</time>
        </p>
      </div>
      {current ? (
        <span className="rounded-full bg-tint px-3 py-1 text-sm font-medium text-accent">This device</span>
      ) : (
        <Button variant="secondary" size="sm" pending={pending} aria-describedby={nameId} onClick={revoke}>
          Revoke
        </Button>
      )}
    </li>
  );
}
