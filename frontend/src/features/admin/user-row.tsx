'use client';

import { useRouter } from 'next/navigation';
import { useId, useState, type ReactNode } from 'react';
import { toast } from 'sonner';
import { Button } from '../../components/ui/button.tsx';
import { authPost } from '../../lib/auth-request.ts';
import { cx } from '../../lib/cx.ts';
import { departAfter } from '../../lib/departure.ts';
import { AskFirst, AskForBan } from './user-actions.tsx';

/** A person as an administrator sees them. */
export interface UserView {
  id: string;
  name: string;
  email: string;
  role: 'admin' | 'user';
  banned: boolean;
  /** Why, and until when, where that is known. */
  ban: string | undefined;
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
  async function act(path: string, body: object, message: string): Promise<boolean> {
    const worked = await send('act', path, body);
    if (worked) {
      toast.success(message);
      router.refresh();
    }
    return worked;
  }

  return (
    <li aria-labelledby={nameId} className="flex flex-wrap items-center gap-x-4 gap-y-3 px-4 py-4 sm:px-5">
      <span
        aria-hidden
        className="grid size-11 shrink-0 place-items-center rounded-full bg-sunken font-semibold text-muted"
      >
        {(user.name.trim()[0] ?? '?').toUpperCase()}
      </span>
      <div className="min-w-0 flex-1 basis-52">
        <p id={nameId} className="flex flex-wrap items-center gap-x-2 font-medium">
          <span dir="auto" className="min-w-0 wrap-anywhere">
            {user.name}
          </span>
          {user.role === 'admin' ? <Tag>Admin</Tag> : null}
          {user.banned ? <Tag danger>Banned</Tag> : null}
          {self ? <Tag>You</Tag> : null}
        </p>
        <p className="text-sm break-all text-muted">{user.email}</p>
        {user.ban ? <p className="text-sm wrap-anywhere text-danger">{user.ban}</p> : null}
      </div>
      {self ? null : (
        <div className="flex flex-wrap gap-2">
          {user.role === 'admin' ? (
            <AskFirst
              label="Make user"
              title={`Take ${user.name}’s administration away?`}
              description="They keep their account and their tasks, and can’t see this page any more."
              confirm="Make a user"
              onConfirm={() => act('/admin/set-role', { role: 'user' }, 'Role changed')}
            />
          ) : (
            <AskFirst
              label="Make admin"
              title={`Make ${user.name} an administrator?`}
              description="They can see everybody, act as anybody, ban people and make other administrators."
              confirm="Make an administrator"
              onConfirm={() => act('/admin/set-role', { role: 'admin' }, 'Role changed')}
            />
          )}
          {user.role === 'admin' || user.banned ? null : (
            <AskFirst
              label="Impersonate"
              title={`Act as ${user.name}?`}
              description={
                'This browser is theirs for up to an hour, in every tab. What you do is done in their name, and ' +
                'noted.'
              }
              confirm="Act as them"
              onConfirm={() => departAfter('/tasks', () => send('impersonate', '/admin/impersonate-user', {}))}
            />
          )}
          {user.banned ? (
            <Button
              variant="secondary"
              size="sm"
              pending={pending === 'act'}
              onClick={() => void act('/admin/unban-user', {}, 'The ban is lifted')}
            >
              Lift ban
            </Button>
          ) : (
            <AskForBan
              name={user.name}
              onBan={(terms) => act('/admin/ban-user', terms, 'Banned, and signed out everywhere')}
            />
          )}
        </div>
      )}
    </li>
  );
}

function Tag({ danger = false, children }: { danger?: boolean; children: ReactNode }) {
  return (
    <span
      className={cx(
        'rounded-full px-2 py-0.5 text-xs font-medium',
        danger ? 'bg-danger-tint text-danger' : 'bg-tint text-accent',
      )}
    >
      {children}
    </span>
  );
}
