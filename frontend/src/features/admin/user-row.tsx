'use client';

import { useRouter } from 'next/navigation';
import { useId, useState, type ReactNode } from 'react';
import { toast } from 'sonner';
import { Button } from '../../components/ui/button.tsx';
import { Confirm, ConfirmCancel } from '../../components/ui/dialog.tsx';
import { authPost } from '../../lib/auth-request.ts';
import { cx } from '../../lib/cx.ts';
import { departAfter } from '../../lib/departure.ts';

/** A person as an administrator sees them. */
export interface UserView {
  id: string;
  name: string;
  email: string;
  role: 'admin' | 'user';
  banned: boolean;
  /** ISO 8601. */
  joined: string;
}

/** One person and what may be done about them. Nobody can ban or demote themselves out of the page. */
export function UserRow({ user, self }: { user: UserView; self: boolean }) {
  const nameId = useId();
  const router = useRouter();
  const [pending, setPending] = useState<string>();

  async function send(name: string, path: string, body: object): Promise<boolean> {
    setPending(name);
    const result = await authPost(path, { userId: user.id, ...body });
    setPending(undefined);
    if (!result.ok) toast.error(result.error.message);
    return result.ok;
  }
  async function act(name: string, path: string, body: object, done: () => void) {
    if (await send(name, path, body)) done();
  }
  const refreshed = (message: string) => () => {
    toast.success(message);
    router.refresh();
  };

  return (
    <li aria-labelledby={nameId} className="flex flex-wrap items-center gap-x-4 gap-y-3 px-4 py-4 sm:px-5">
      <span aria-hidden className="grid size-11 shrink-0 place-items-center rounded-full bg-sunken font-semibold text-muted">
        {(user.name.trim()[0] ?? '?').toUpperCase()}
      </span>
      <div className="min-w-0 flex-1 basis-52">
        <p id={nameId} className="flex flex-wrap items-center gap-x-2 font-medium">
          {user.name}
          {user.role === 'admin' ? <Tag>Admin</Tag> : null}
          {user.banned ? <Tag danger>Banned</Tag> : null}
          {self ? <Tag>You</Tag> : null}
        </p>
        <p className="text-sm break-all text-muted">{user.email}</p>
      </div>
      {self ? null : (
        <div className="flex flex-wrap gap-2">
          <Button
            variant="secondary"
            size="sm"
            pending={pending === 'role'}
            onClick={() => void act('role', '/admin/set-role', { role: user.role === 'admin' ? 'user' : 'admin' }, refreshed('Role changed'))}
          >
            {user.role === 'admin' ? 'Make user' : 'Make admin'}
          </Button>
          {user.role === 'admin' || user.banned ? null : (
            <Button
              variant="secondary"
              size="sm"
              pending={pending === 'impersonate'}
              onClick={() => void departAfter('/tasks', () => send('impersonate', '/admin/impersonate-user', {}))}
            >
              Impersonate
            </Button>
          )}
          {user.banned ? (
            <Button variant="secondary" size="sm" pending={pending === 'ban'} onClick={() => void act('ban', '/admin/unban-user', {}, refreshed('The ban is lifted'))}>
              Lift ban
            </Button>
          ) : (
            <Ban name={user.name} pending={pending === 'ban'} onBan={() => act('ban', '/admin/ban-user', { banReason: 'Banned by an administrator' }, refreshed('Banned, and signed out everywhere'))} />
          )}
        </div>
      )}
    </li>
  );
}

function Ban({ name, pending, onBan }: { name: string; pending: boolean; onBan: () => Promise<void> }) {
  const [open, setOpen] = useState(false);
  return (
    <Confirm
      open={open}
      onOpenChange={setOpen}
      trigger={
        <Button variant="secondary" size="sm" className="text-danger" pending={pending && !open}>
          Ban
        </Button>
      }
      title={`Ban ${name}?`}
      description="They are signed out everywhere at once and can’t come back until the ban is lifted."
    >
      <div className="flex justify-end gap-2">
        <ConfirmCancel asChild>
          <Button variant="ghost">Cancel</Button>
        </ConfirmCancel>
        <Button variant="danger" pending={pending} onClick={() => void onBan().then(() => setOpen(false))}>
          Ban and sign out
        </Button>
      </div>
    </Confirm>
  );
}

function Tag({ danger = false, children }: { danger?: boolean; children: ReactNode }) {
  return <span className={cx('rounded-full px-2 py-0.5 text-xs font-medium', danger ? 'bg-danger-tint text-danger' : 'bg-tint text-accent')}>{children}</span>;
}
