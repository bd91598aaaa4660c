import { isIPv6 } from 'node:net';

/**
 * What stands for an address in a rate limit. An IPv6 client usually has a whole /64 to itself, so the network counts.
 *
 * @param ip Fastify's `request.ip`, which follows X-Forwarded-For through declared proxies only.
 */
export function clientAddress(ip: string): string {
  const plain = ip.startsWith('::ffff:') && ip.includes('.') ? ip.slice(7) : ip;
  if (!isIPv6(plain)) return plain;
  const [head = '', tail] = (plain.split('%')[0] ?? '').split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups =
    tail === undefined
      ? left
      : [...left, ...Array.from({ length: 8 - left.length - right.length }, () => '0'), ...right];
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}
