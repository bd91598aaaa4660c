import { channel } from 'node:diagnostics_channel';
import type { IncomingHttpHeaders } from 'node:http';
import {
  addressMatcher,
  clientAddress,
  clientAddressHeader,
  correctHeaders,
  installClientAddress,
} from './client-address.ts';

const none = addressMatcher([]);
const proxies = addressMatcher(['10.0.0.0/8', '127.0.0.1', 'fc00::/7']);

describe('clientAddress', () => {
  it.each<[string, string | undefined, string | undefined, (address: string) => boolean, string | undefined]>([
    ['is the peer, whatever it says', '203.0.113.9', '9.9.9.9', none, '203.0.113.9'],
    ['is the peer, whatever it says, when proxies are trusted too', '203.0.113.9', '10.0.0.1', proxies, '203.0.113.9'],
    ['is what the nearest trusted proxy saw', '10.0.0.2', '6.6.6.6, 198.51.100.4', proxies, '198.51.100.4'],
    ['goes through a chain of trusted proxies', '10.0.0.2', '6.6.6.6, 198.51.100.4, 10.3.0.1', proxies, '198.51.100.4'],
    ['is the last believable hop of a malformed chain', '10.0.0.2', '198.51.100.4, rubbish', proxies, '10.0.0.2'],
    ['is the proxy when it says nothing', '127.0.0.1', undefined, proxies, '127.0.0.1'],
    ['is plain when the socket spells it as IPv6', '::ffff:203.0.113.9', undefined, proxies, '203.0.113.9'],
    ['is plain however long its parts are', '::FFFF:203.123.113.119', undefined, proxies, '203.123.113.119'],
    ['is no address that goes on', '10.0.0.2', '::ffff:198.51.100.4:80', proxies, '10.0.0.2'],
    ['knows a proxy in that spelling', '::ffff:10.0.0.2', '198.51.100.4', proxies, '198.51.100.4'],
    ['knows IPv6', 'fd00::1', '2001:db8::5', proxies, '2001:db8::5'],
    ['is the farthest address when every hop is trusted', '10.0.0.2', '10.0.0.9, 10.0.0.8', proxies, '10.0.0.9'],
    [
      'is the peer when no more than its end looks like IPv4',
      '1::ffff:10.0.0.2',
      '198.51.100.4',
      proxies,
      '1::ffff:10.0.0.2',
    ],
    ['is unknown without a peer', undefined, '9.9.9.9', proxies, undefined],
  ])('%s', (_, peer, forwarded, trusted, expected) => expect(clientAddress(peer, forwarded, trusted)).toBe(expected));
});

describe('correctHeaders', () => {
  const forged = () => ({
    'x-forwarded-for': '9.9.9.9',
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'https',
    'x-real-ip': '9.9.9.9',
    'cf-connecting-ip': '9.9.9.9',
    forwarded: 'for=9.9.9.9',
    accept: '*/*',
  });

  it('leaves nothing of what an untrusted client says of itself', () => {
    const headers = forged();
    correctHeaders(headers, '203.0.113.9', none);
    expect(headers).toEqual({
      accept: '*/*',
      'x-forwarded-for': '203.0.113.9',
      [clientAddressHeader()]: '203.0.113.9',
    });
  });

  it('believes no port of an untrusted client either', () => {
    const headers = { ...forged(), 'x-forwarded-port': '1', 'true-client-ip': '9.9.9.9' };
    correctHeaders(headers, '203.0.113.9', proxies);
    expect(Object.keys(headers)).toEqual(['x-forwarded-for', 'accept', clientAddressHeader()]);
  });

  it('reads a chain that came in several headers, through a proxy on a dual-stack socket', () => {
    const headers = {
      'x-forwarded-for': ['6.6.6.6', '198.51.100.4'],
      'x-forwarded-host': 'app.example',
    } as unknown as IncomingHttpHeaders;
    correctHeaders(headers, '::ffff:10.0.0.2', proxies);
    expect(headers).toEqual({
      'x-forwarded-for': '198.51.100.4',
      'x-forwarded-host': 'app.example',
      [clientAddressHeader()]: '198.51.100.4',
    });
  });

  it('keeps host and protocol of a trusted proxy', () => {
    const headers = forged();
    correctHeaders(headers, '10.0.0.2', proxies);
    expect(headers).toMatchObject({
      'x-forwarded-for': '9.9.9.9',
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'https',
    });
    expect(headers).not.toHaveProperty('x-real-ip');
  });

  it('carries no address when there is none, rather than a forged one', () => {
    const headers = forged();
    correctHeaders(headers, undefined, none);
    expect(headers).toEqual({ accept: '*/*' });
  });

  it('uses a header no client can know', () => {
    expect(clientAddressHeader()).toMatch(/^x-client-address-[0-9a-f]{32}$/);
    expect(clientAddressHeader()).toBe(clientAddressHeader());
  });
});

it('installed, it corrects every request of the process, once, before any handler sees it', () => {
  const request = { headers: { 'x-forwarded-for': '198.51.100.4' }, socket: { remoteAddress: '10.0.0.2' } };
  installClientAddress(['10.0.0.0/8']);
  installClientAddress([]);
  channel('http.server.request.start').publish({ request });
  expect(request.headers).toEqual({ 'x-forwarded-for': '198.51.100.4', [clientAddressHeader()]: '198.51.100.4' });
});
