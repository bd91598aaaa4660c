import type { Metadata, Viewport } from 'next';
import { headers } from 'next/headers';
import type { ReactNode } from 'react';
import { Theme } from '../components/theme.tsx';
import { traceparent } from '../server/telemetry/traceparent.ts';
import { fonts } from './fonts/index.ts';
import './globals.css';

export const metadata: Metadata = {
  title: { default: 'Session Guard', template: '%s · Session Guard' },
  description: 'Tasks that are yours alone, on every device you are signed in to.',
};

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#faf9f5' },
    { media: '(prefers-color-scheme: dark)', color: '#0c1413' },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  // Reading the request makes every page dynamic, which a nonce needs: a page made at build time could carry none.
  const nonce = (await headers()).get('x-nonce') ?? '';
  const trace = traceparent();
  return (
    // The theme's script sets a class on <html> before React looks at it.
    <html lang="en" className={fonts} suppressHydrationWarning>
      <body>
        {trace && <meta name="traceparent" content={trace} />}
        <Theme nonce={nonce}>{children}</Theme>
      </body>
    </html>
  );
}
