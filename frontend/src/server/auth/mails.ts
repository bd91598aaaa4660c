import { createHash } from 'node:crypto';
import type { Mailer } from '../mail/mailer.ts';
import type { RateLimits } from './rate-limit.ts';

/** Mails of one kind that an address gets in an hour, however often somebody asks for more. */
const MAIL_LIMIT = { window: 60 * 60, max: 5 };

/** Where a link of a mail leads to in the end. Not where its asker says: the address stands in the mail. */
function withCallback(url: string, callback: string): string {
  const link = new URL(url);
  link.searchParams.set('callbackURL', callback);
  return link.href;
}

/** The mails of this application, each to the address they are about. */
export interface AuthMails {
  resetPassword(to: string, url: string): Promise<void>;
  confirmAddress(to: string, url: string): Promise<void>;
  approveAddress(to: string, newEmail: string, url: string): Promise<void>;
  accountExists(to: string): Promise<void>;
  stepUpCode(to: string, code: string): Promise<void>;
}

/**
 * Nothing in these mails was written by whoever asked for them, the name of an account least of all: anybody can sign
 * up with somebody else's address, and what they wrote would arrive under our name. The one exception is an address
 * that was checked to be one, sent to the owner of a confirmed address.
 */
export function createMails(send: Mailer, limits: RateLimits, webUrl: string): AuthMails {
  async function limited(kind: string, mail: Parameters<Mailer>[0]): Promise<void> {
    const address = createHash('sha256').update(mail.to.toLowerCase()).digest('base64url');
    const { allowed } = await limits.consume(`mail ${kind} ${address}`, MAIL_LIMIT);
    if (allowed) await send(mail);
    else
      console.warn(
        `web: a mail was not sent, because its address had ${MAIL_LIMIT.max} of "${mail.subject}" within an hour`,
      );
  }

  return {
    resetPassword: (to, url) =>
      limited('reset', {
        to,
        subject: 'Reset your password',
        lines: ['Hello,', 'Use this link within an hour to choose a new password. Every device will be signed out.'],
        link: { label: 'Choose a new password', url: withCallback(url, '/reset-password') },
      }),
    confirmAddress: (to, url) =>
      limited('confirm', {
        to,
        subject: 'Confirm your email address',
        lines: ['Hello,', 'Confirm that this address is yours. The link is good for an hour.'],
        link: { label: 'Confirm email address', url: withCallback(url, '/email-verified') },
      }),
    approveAddress: (to, newEmail, url) =>
      limited('approve', {
        to,
        subject: 'Approve your new email address',
        lines: ['Hello,', `Someone signed in as you asked to change your address to ${newEmail}.`],
        link: { label: 'Approve the change', url: withCallback(url, '/email-verified') },
      }),
    accountExists: (to) =>
      limited('exists', {
        to,
        subject: 'You have an account already',
        lines: [
          'Hello,',
          'Somebody tried to sign up with your address. You have an account already, and nothing was changed.',
          'If it was you: sign in, or choose a new password if you have forgotten it.',
        ],
        link: { label: 'Sign in', url: `${webUrl}/sign-in` },
      }),
    stepUpCode: (to, code) =>
      limited('code', {
        to,
        subject: 'Your code',
        lines: [
          'Hello,',
          `Your code is ${code}. It is good for ten minutes, for one try.`,
          'If you did not ask for it, somebody else is signed in as you: sign out your other devices.',
        ],
        link: { label: 'Your devices', url: `${webUrl}/account/sessions` },
      }),
  };
}
