import { z } from 'zod';

const orders = z.object({
  site: z.object({ webUrl: z.string(), apiUrl: z.string() }),
  attackers: z.array(z.object({ address: z.string(), token: z.string() })),
  /** Event streams, spread over the accounts. */
  unreadStreams: z.number(),
});
const carriedOut = z.record(z.string(), z.number());

/** What the attackers' program is told: whom to attack, and as whom. */
export type Orders = z.infer<typeof orders>;

/** @throws ZodError when the program was started without them */
export function parseOrders(json: string | undefined): Orders {
  return orders.parse(JSON.parse(json ?? 'null'));
}

/** How often each attack was carried out, as the program's last line says. */
export function parseCarriedOut(line: string): Record<string, number> {
  return carriedOut.parse(JSON.parse(line));
}
