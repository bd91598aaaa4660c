import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { blocksOf } from '../markdown.ts';
import { printedSteps } from '../steps.ts';
import { type Command, short } from './commands.ts';
import { startMachine } from './machine.ts';
import type { Shell } from './shell.ts';
import { typedOnServer } from './typed.ts';

/** Follows one thing, and tells how it went. */
type Told = (
  command: Pick<Command, 'document' | 'line'>,
  text: string,
  work: () => Promise<string | undefined>,
) => Promise<void>;

/** The headings of what is done again for each version. */
const OF_EACH_VERSION = ['A version', 'Changing over'];
const AT = 'https://localhost';
const PAGES = '/sign-in /api/health/ready /api/auth/ok';
/** What the page promises, asked of the server when its commands have been typed. */
const PROMISES: ReadonlyArray<readonly [string, string]> = [
  [
    'everything runs',
    'systemctl is-active postgresql caddy session-guard-api session-guard-web session-guard-clean.timer',
  ],
  [
    'somebody signs up through Caddy',
    `TOKEN=$(curl -sf ${AT}/api/auth/sign-up/email -H 'content-type: application/json' -d '{"name":"Ada","email":"ada@example.com","password":"correct horse battery"}' | node -pe 'JSON.parse(require("fs").readFileSync(0)).token')`,
  ],
  ['and is known to the API', `curl -sf ${AT}/api/me -H "authorization: Bearer $TOKEN" | grep ada@example.com`],
  [
    'the log is JSON lines in the journal',
    `journalctl --quiet --identifier node --unit session-guard-api --output cat | node -e 'require("fs").readFileSync(0, "utf8").trim().split("\\n").forEach(JSON.parse)'`,
  ],
  ['metrics are on loopback', 'curl -sf http://127.0.0.1:9464/metrics | grep session_guard_channel_up'],
  ['the containers’ Caddyfile is one, too', 'caddy validate --adapter caddyfile --config docker/caddy/Caddyfile'],
  ['the cleaning runs', 'systemctl start session-guard-clean'],
];
/** What the page on backups leaves to its reader: a running embedded database, a role as it says, an empty database. */
const GIVEN: ReadonlyArray<readonly [RegExp, (statement: string) => string]> = [
  [
    /^PGPASSWORD=/,
    () =>
      `cd $release && (sudo -u session-guard npm start > /var/tmp/start.log 2>&1 &) && timeout 120 sh -c 'until curl -sf http://localhost:4000/api/health/ready; do sleep 0.2; done'`,
  ],
  [
    /^pg_dump /,
    (statement) =>
      `sudo -u postgres psql -v ON_ERROR_STOP=1 -d session_guard -c "${statement}" && export BACKUP_DATABASE_URL='postgres://session_guard_backup:${encodeURIComponent(/password '([^']+)'/.exec(statement)?.[1] ?? '')}@127.0.0.1/session_guard'`,
  ],
  [
    /^pg_restore /,
    () =>
      `sudo -u postgres createdb --owner=session_guard_owner restored && export DATABASE_URL="$(sed 's/session_guard$/restored/' /etc/session-guard/secrets/owner-database-url)"`,
  ],
];
const RESTORED = `sudo -u postgres psql -d restored -tAc 'select email from "user"' | grep ada@example.com`;
/** Asks for a page, one of its scripts, and both applications, until it is told to stop; prints what nobody should meet. */
const ASKING = `rm -f /root/asked /root/enough; (while [ ! -e /root/enough ]; do
  script=$(curl -s ${AT}/sign-in | grep -o '/_next/static/chunks/[^"]*\\.js' | head -1)
  for path in ${PAGES} $script; do curl -s --max-time 20 -o /dev/null -w "$path %{http_code}\\n" ${AT}$path; done
done > /root/asked 2>&1) & asking=$!`;
const ASKED = `touch /root/enough; wait $asking; test $(wc -l < /root/asked) -gt 50 && ! grep -v -E ' (200|429)$' /root/asked`;
const STOPPED = `systemctl stop session-guard-api session-guard-web && ! systemctl is-failed session-guard-api session-guard-web`;

/**
 * Types a page's commands on a machine of its own, as root, and sees that what it promises is so; then changes over to
 * another version under load, and stops everything.
 */
export async function walkServer(clone: string, commands: readonly Command[], told: Told): Promise<void> {
  const [first] = commands;
  if (first === undefined) return;
  console.log(`  ${first.document}, on a machine of its own`);
  const machine = await startMachine(
    clone,
    printedSteps((line) => console.log(`  ${line}`)),
  );
  const shell = machine.shell();
  try {
    const type = (command: Command): Promise<void> =>
      told(command, short(command.text), () => failureOf(shell, typedOnServer(command.text)));
    const promise = (title: string, text: string): Promise<void> => told(first, title, () => failureOf(shell, text));
    await shell.home();
    for (const command of commands.filter(({ document }) => document === first.document)) await type(command);
    for (const [title, text] of PROMISES) await promise(title, text);
    console.log('    … and another version, while somebody asks');
    const asking = machine.shell();
    await asking.run(ASKING);
    for (const command of commands.filter(({ heading }) => OF_EACH_VERSION.includes(heading ?? '')))
      await type(command);
    await told(first, 'nobody met an error meanwhile', () => failureOf(asking, ASKED));
    await asking.end();
    await promise('both stop in their time, and not as failures', STOPPED);
    for (const command of commands.filter(({ document }) => document !== first.document)) {
      const statement =
        blocksOf(readFileSync(join(clone, command.document), 'utf8')).find(({ language }) => language === 'sql')
          ?.code ?? '';
      const given = GIVEN.find(([pattern]) => pattern.test(command.text))?.[1](statement) ?? 'true';
      await told(
        command,
        short(command.text),
        async () => (await failureOf(shell, given)) ?? failureOf(shell, command.text),
      );
    }
    await promise('the dump of one database is in another', RESTORED);
  } finally {
    shell.kill();
    await machine.stop();
  }
}

async function failureOf(shell: Shell, text: string): Promise<string | undefined> {
  const { code, output } = await shell.run(text);
  return code === 0 ? undefined : `${output}\nended with ${code}`;
}
