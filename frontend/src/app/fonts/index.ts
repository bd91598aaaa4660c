import localFont from 'next/font/local';

/** Instrument Sans (SIL Open Font License), kept in the repository: no page ever asks another host for a font. */
const latin = localFont({
  src: './instrument-sans-latin.woff2',
  weight: '400 700',
  display: 'swap',
  variable: '--font-latin',
  fallback: ['system-ui', 'sans-serif'],
});

const latinExtended = localFont({
  src: './instrument-sans-latin-ext.woff2',
  weight: '400 700',
  display: 'swap',
  variable: '--font-latin-ext',
  // Loaded only by a page that shows such letters.
  preload: false,
  adjustFontFallback: false,
  declarations: [{ prop: 'unicode-range', value: 'U+0100-02BA, U+1E00-1E9F, U+1EF2-1EFF, U+2C60-2C7F, U+A720-A7FF' }],
});

/** Class names for `<html>`. */
export const fonts = `${latin.variable} ${latinExtended.variable}`;
