import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@playwright/test';

/** A mail as the application writes it to its outbox. */
interface Mail {
  to: string;
  subject: string;
  link: string;
}

async function outbox(): Promise<Mail[]> {
  const directory = join(process.env['E2E_DATA_DIR'] ?? '.data', 'outbox');
  const names = (await readdir(directory).catch(() => [])).filter((name) => name.endsWith('.json')).sort();
  const mails: Mail[] = [];
  for (const name of names) {
    // One that is being written now is complete at the next look.
    const mail = await readFile(join(directory, name), 'utf8').then(
      (text) => JSON.parse(text) as Mail,
      () => undefined,
    );
    if (mail) mails.push(mail);
  }
  return mails;
}

/** The link of the newest mail to this address with this subject; waits for it. */
export async function mailLink(to: string, subject: string | RegExp): Promise<string> {
  let link: string | undefined;
  await expect
    .poll(
      async () => {
        const mails = (await outbox()).filter(
          (mail) =>
            mail.to === to && (typeof subject === 'string' ? mail.subject === subject : subject.test(mail.subject)),
        );
        link = mails.at(-1)?.link;
        return link;
      },
      { message: `a mail to ${to} about ${String(subject)}` },
    )
    .toBeTruthy();
  return link ?? '';
}
