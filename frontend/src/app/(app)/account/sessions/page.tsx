import type { Metadata } from 'next';
import { PageTitle } from '../../../../components/page-title.tsx';
import { PageOwner } from '../../../../features/account/page-owner.tsx';
import { SessionList, type SessionView } from '../../../../features/sessions/session-list.tsx';
import { describeDevice } from '../../../../lib/user-agent.ts';
import { pageAccountOf } from '../../../../server/auth/page-account.ts';
import { listSessions, requireSession } from '../../../../server/auth/session.ts';

export const metadata: Metadata = { title: 'Sessions' };

export default async function SessionsPage() {
  const session = await requireSession('/account/sessions');
  const { session: current, user } = session;
  const sessions = await listSessions(user.id);
  const views = sessions.map((session): SessionView => ({
    id: session.id,
    device: describeDevice(session.userAgent),
    address: session.ipAddress ?? '',
    createdAt: new Date(session.createdAt).toISOString(),
    lastUsedAt: new Date(session.updatedAt).toISOString(),
    current: session.id === current.id,
    impersonated: 'impersonatedBy' in session && Boolean(session.impersonatedBy),
  }));
  views.sort((a, b) => Number(b.current) - Number(a.current) || b.lastUsedAt.localeCompare(a.lastUsedAt));
  return (
    <>
      <PageOwner account={pageAccountOf(session)} />
      <PageTitle title="Sessions">
        Everywhere you are signed in. A device you revoke is signed out the same moment.
      </PageTitle>
      <SessionList sessions={views} />
    </>
  );
}
