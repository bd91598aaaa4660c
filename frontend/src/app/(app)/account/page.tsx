import type { Metadata } from 'next';
import { headers } from 'next/headers';
import { PageTitle } from '../../../components/page-title.tsx';
import { PageOwner } from '../../../features/account/page-owner.tsx';
import { DeleteAccount } from '../../../features/account/delete-account.tsx';
import { EmailSection } from '../../../features/account/email-section.tsx';
import { PasswordSection } from '../../../features/account/password-section.tsx';
import { ProfileSection } from '../../../features/account/profile-section.tsx';
import { TwoFactorSection } from '../../../features/account/two-factor-section.tsx';
import { auth } from '../../../server/auth/index.ts';
import { pageAccountOf } from '../../../server/auth/page-account.ts';
import { requireSession } from '../../../server/auth/session.ts';

export const metadata: Metadata = { title: 'Account' };

export default async function AccountPage() {
  const session = await requireSession('/account');
  const { user } = session;
  const accounts = await auth().api.listUserAccounts({ headers: await headers() });
  const hasPassword = accounts.some(({ providerId }) => providerId === 'credential');
  return (
    <>
      <PageOwner account={pageAccountOf(session)} />
      <PageTitle title="Account">Who you are here, and how you get in.</PageTitle>
      <div className="grid gap-6">
        <ProfileSection name={user.name} />
        <EmailSection email={user.email} verified={user.emailVerified} hasPassword={hasPassword} />
        <PasswordSection email={user.email} hasPassword={hasPassword} />
        {hasPassword ? <TwoFactorSection enabled={Boolean(user.twoFactorEnabled)} /> : null}
        <DeleteAccount hasPassword={hasPassword} />
      </div>
    </>
  );
}
