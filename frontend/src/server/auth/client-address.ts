import { randomBytes } from 'node:crypto';
import { subscribe } from 'node:diagnostics_channel';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

/**
 * Who is calling, decided where the socket still is.
 *
 * `next start` passes a client's own `X-Forwarded-For` on unchanged and adds nothing of its own, so anything behind it
 * that reads the header (Better Auth's rate limit, its record of a session's address) believes whatever was typed.
 * Node announces each request before any handler sees it; there the headers are corrected from the socket.
 *
 * The answer travels in a header whose name no client can know (it is drawn at start), so even a request that
 * slipped past the announcement carries no address rather than a forged one.
 */

const KEY = Symbol.for('session-guard.client-address-header');

/** The header that carries the verified address within this process. */
export function clientAddressHeader(): string {
  // Next builds instrumentation and routes as separate bundles; globalThis is what they share.
  const shared = globalThis as { [KEY]?: string };
  return (shared[KEY] ??= `x-client-address-${randomBytes(16).toString('hex')}`);
}

/** Tells whether an address belongs to one of the given addresses or CIDR ranges. */
export function addressMatcher(entries: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const entry of entries) {
    const [address = '', prefix] = entry.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return (address) => {
    const family = isIP(address);
    return family !== 0 && list.check(address, family === 6 ? 'ipv6' : 'ipv4');
  };
}

/** `::ffff:127.0.0.1` is how a dual-stack socket spells 127.0.0.1. */
function plain(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  return mapped?.[1] ?? address;
}

/**
 * The client's address: the socket's peer, or, when that is a trusted proxy, the nearest address in
 * `X-Forwarded-For` that is not one. A malformed chain ends at the last hop that could be believed.
 *
 * @example clientAddress('10.0.0.2', '6.6.6.6, 1.2.3.4', addressMatcher(['10.0.0.0/8'])) // '1.2.3.4'
 */
export function clientAddress(
  peer: string | undefined,
  forwardedFor: string | undefined,
  trusted: (address: string) => boolean,
): string | undefined {
  if (!peer) return undefined;
  let current = plain(peer);
  const hops = (forwardedFor ?? '').split(',').map((hop) => plain(hop.trim()));
  while (trusted(current)) {
    const next = hops.pop();
    if (next === undefined || isIP(next) === 0) break;
    current = next;
  }
  return current;
}

/** Rewrites a request's forwarding headers so that only trusted proxies are believed. */
export function correctHeaders(
  headers: IncomingHttpHeaders,
  peer: string | undefined,
  trusted: (address: string) => boolean,
): void {
  const forwarded = headers['x-forwarded-for'];
  const address = clientAddress(peer, Array.isArray(forwarded) ? forwarded.join(',') : forwarded, trusted);
  for (const name of ['x-real-ip', 'true-client-ip', 'cf-connecting-ip', 'forwarded']) delete headers[name];
  if (!peer || !trusted(plain(peer))) {
    delete headers['x-forwarded-host'];
    delete headers['x-forwarded-proto'];
    delete headers['x-forwarded-port'];
  }
  if (address) {
    headers['x-forwarded-for'] = address;
    headers[clientAddressHeader()] = address;
  } else {
    delete headers['x-forwarded-for'];
  }
}

const INSTALLED = Symbol.for('session-guard.client-address-installed');

/** Corrects every request of this process from now on; called once, before the server accepts any. */
export function installClientAddress(trustedProxies: readonly string[]): void {
  const shared = globalThis as { [INSTALLED]?: boolean };
  if (shared[INSTALLED]) return;
  shared[INSTALLED] = true;
  const trusted = addressMatcher(trustedProxies);
  subscribe('http.server.request.start', (message) => {
    const { request } = message as { request: IncomingMessage };
    correctHeaders(request.headers, request.socket.remoteAddress, trusted);
  });
}
