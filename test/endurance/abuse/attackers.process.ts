/**
 * The attackers' program: every account does one attack after the other, and streams are opened that nobody reads. A
 * process of its own with a low priority, because attackers bring their own processor: what theirs costs isn't counted
 * as the honest user's waiting. Prints at its end how often each attack was carried out.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';
import { loop } from '../loop.ts';
import { Account, type Site } from './account.ts';
import { ATTACKS } from './attacks.ts';
import { parseOrders } from './orders.ts';

/** Between two attacks of one account, in milliseconds. */
const PAUSE_MS = 100;
/** What is added to the priority number: more is less urgent. */
const LOWER = 10;
/** Where Linux weighs sessions of processes against each other, priorities only within one. This one has its own. */
const SESSION_PRIORITY = '/proc/self/autogroup';

setPriority(Math.min(getPriority() + LOWER, 19));
if (existsSync(SESSION_PRIORITY)) writeFileSync(SESSION_PRIORITY, String(LOWER));
const { site, attackers: known, unreadStreams } = parseOrders(process.env['ATTACK']);
const attackers = known.map(({ address, token }) => new Account(address, token));
const made = new Map(ATTACKS.map(({ name }) => [name, 0]));

for (let index = 0; index < unreadStreams; index += 1) {
  const attacker = attackers[index % attackers.length];
  attacker?.client.openUnread(`${site.apiUrl}/api/tasks/events`, attacker.bearer);
}
for (const [index, attacker] of attackers.entries()) attackInTurn(attacker, site, index);

/** Each account begins with another attack, so that all of them are under way at once. */
function attackInTurn(attacker: Account, target: Site, start: number): void {
  let turn = start;
  loop(1, PAUSE_MS, async () => {
    const attack = ATTACKS[turn++ % ATTACKS.length];
    if (attack === undefined) return;
    await attack(attacker, target);
    made.set(attack.name, (made.get(attack.name) ?? 0) + 1);
  });
}

process.once('SIGTERM', () => {
  process.stdout.write(`${JSON.stringify(Object.fromEntries(made))}\n`, () => process.exit(0));
});
