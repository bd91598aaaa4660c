import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';

/** One message to one person. `link` is what the message is about. */
export interface Mail {
  to: string;
  subject: string;
  /** Plain sentences; each becomes a paragraph. */
  lines: string[];
  link: { label: string; url: string };
}

/** Sends a mail, or throws. */
export type Mailer = (mail: Mail) => Promise<void>;

function text(mail: Mail): string {
  return [...mail.lines, `${mail.link.label}: ${mail.link.url}`, 'Session Guard'].join('\n\n');
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escape = (value: string) => value.replace(/[&<>"']/g, (character) => escapes[character] ?? character);

function html(mail: Mail): string {
  const paragraphs = mail.lines.map((line) => `<p style="margin:0 0 16px">${escape(line)}</p>`).join('');
  return (
    '<div style="font:16px/1.5 system-ui,sans-serif;max-width:520px;margin:0 auto;padding:32px ' +
    `24px;color:#1c2321">${paragraphs}<p style="margin:24px 0"><a href="${escape(mail.link.url)}" ` +
    'style="background:#1f5c4d;color:#fff;padding:12px ' +
    `20px;border-radius:10px;text-decoration:none">${escape(mail.link.label)}</a></p><p ` +
    `style="margin:0;color:#5b6663;font-size:14px">If you didn't ask for this, nothing changes until the link is ` +
    'opened.</p></div>'
  );
}

/** A mailer over SMTP; every wait is bounded. */
function smtp(url: string, from: string): Mailer {
  const separator = url.includes('?') ? '&' : '?';
  const transport = createTransport(
    `${url}${separator}connectionTimeout=5000&greetingTimeout=5000&socketTimeout=10000`,
  );
  return async (mail) => {
    await transport.sendMail({ from, to: mail.to, subject: mail.subject, text: text(mail), html: html(mail) });
  };
}

/** A mailer for one's own machine: a file in `directory` for each message, readable by its owner alone. */
function outbox(directory: string, from: string, announce: (line: string) => void): Mailer {
  return async (mail) => {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const name = `${new Date().toISOString().replace(/[:.]/g, '-')}-${randomUUID().slice(0, 8)}.json`;
    const message = { from, to: mail.to, subject: mail.subject, text: text(mail), link: mail.link.url };
    await writeFile(join(directory, name), `${JSON.stringify(message, null, 2)}\n`, { mode: 0o600 });
    announce(`mail: "${mail.subject}" is in ${join(directory, name)}`);
    announce(`mail: ${mail.link.label} ${mail.link.url}`);
  };
}

/**
 * The application's mailer: SMTP when `url` is set, otherwise files in `dataDir/outbox` with each link printed
 * (for a person at their own machine; a deployment sets `SMTP_URL`).
 */
export function createMailer(options: { url: string | undefined; from: string; dataDir: string }): Mailer {
  return options.url
    ? smtp(options.url, options.from)
    : outbox(join(options.dataDir, 'outbox'), options.from, (line) => console.log(line));
}
