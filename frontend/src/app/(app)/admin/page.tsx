import { Search } from 'lucide-react';
import type { Metadata } from 'next';
import { headers } from 'next/headers';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { PageTitle } from '../../../components/page-title.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { buttonClass } from '../../../components/ui/button-class.ts';
import { Empty } from '../../../components/ui/empty.tsx';
import { controlClass } from '../../../components/ui/field.tsx';
import { PageOwner } from '../../../features/account/page-owner.tsx';
import { UserRow } from '../../../features/admin/user-row.tsx';
import { cx } from '../../../lib/cx.ts';
import { auth } from '../../../server/auth/index.ts';
import { pageAccountOf } from '../../../server/auth/page-account.ts';
import { requireSession } from '../../../server/auth/session.ts';

export const metadata: Metadata = { title: 'Admin' };

/** People on one page. */
const LIMIT = 20;

interface Ban {
  banned?: boolean | null | undefined;
  banReason?: string | null | undefined;
  banExpires?: Date | string | null | undefined;
}

const isBanned = ({ banned, banExpires }: Ban) => Boolean(banned) && (!banExpires || new Date(banExpires) > new Date());

function describeBan({ banReason, banExpires }: Ban): string {
  const end = banExpires ? `until ${new Date(banExpires).toISOString().slice(0, 10)}` : 'until it is lifted';
  return `Banned ${end}${banReason ? `: ${banReason}` : ''}`;
}

export default async function AdminPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const session = await requireSession('/admin');
  const { user: me } = session;
  // Whoever isn't one learns nothing, not even that there is such a page.
  if (me.role !== 'admin') notFound();
  const query = await searchParams;
  const q = typeof query['q'] === 'string' ? query['q'].trim().slice(0, 100) : '';
  const page = Math.max(1, Math.min(10_000, Number(query['page']) || 1));
  const { users, total } = await auth().api.listUsers({
    headers: await headers(),
    query: {
      limit: LIMIT,
      offset: (page - 1) * LIMIT,
      sortBy: 'createdAt',
      sortDirection: 'desc',
      ...(q
        ? {
            searchValue: q,
            searchField: q.includes('@') ? ('email' as const) : ('name' as const),
            searchOperator: 'contains' as const,
          }
        : {}),
    },
  });
  const link = (to: number) => `/admin?${new URLSearchParams({ ...(q ? { q } : {}), page: String(to) }).toString()}`;

  return (
    <>
      <PageOwner account={pageAccountOf(session)} />
      <PageTitle title="People">Find someone by name or email address.</PageTitle>
      <form action="/admin" role="search" className="mb-5 flex gap-2">
        <div className="relative flex-1">
          <Search
            aria-hidden
            className="pointer-events-none absolute top-1/2 left-3.5 size-4.5 -translate-y-1/2 text-muted"
          />
          <input
            type="search"
            name="q"
            defaultValue={q}
            aria-label="Find a user"
            placeholder="Name or email"
            className={cx(controlClass, 'h-11 pl-10')}
          />
        </div>
        <Button type="submit" variant="secondary">
          Find
        </Button>
      </form>
      <section aria-label="People" className="rounded-card border border-line bg-surface shadow-card">
        {users.length > 0 ? (
          <ul className="divide-y divide-line">
            {users.map((user) => (
              <UserRow
                key={user.id}
                self={user.id === me.id}
                user={{
                  id: user.id,
                  name: user.name,
                  email: user.email,
                  role: user.role === 'admin' ? 'admin' : 'user',
                  banned: isBanned(user),
                  ban: isBanned(user) ? describeBan(user) : undefined,
                  joined: new Date(user.createdAt).toISOString(),
                }}
              />
            ))}
          </ul>
        ) : (
          <Empty icon={Search} title="Nobody found">
            No name or address contains “{q}”.
          </Empty>
        )}
      </section>
      <nav aria-label="Pages" className="mt-5 flex items-center justify-between text-sm text-muted">
        <span>{total === 1 ? '1 person' : `${total} people`}</span>
        <span className="flex gap-2">
          {page > 1 ? (
            <Link href={link(page - 1)} className={buttonClass('secondary', 'sm')}>
              Earlier
            </Link>
          ) : null}
          {page * LIMIT < total ? (
            <Link href={link(page + 1)} className={buttonClass('secondary', 'sm')}>
              More
            </Link>
          ) : null}
        </span>
      </nav>
    </>
  );
}
