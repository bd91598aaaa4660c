/** What a user agent string tells about a device. */
export interface Device {
  /** "Firefox on Linux"; "Unknown device" when nothing is recognised. */
  name: string;
  kind: 'desktop' | 'phone' | 'tablet' | 'program';
}

// The order matters: Edge and Opera call themselves Chrome, and Chrome calls itself Safari.
const BROWSERS: [RegExp, string][] = [
  [/\bEdgA?(?:iOS)?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
  [/\b(?:Headless)?Chrome\/|\bCriOS\//, 'Chrome'],
  [/\bVersion\/[\d.]+.*\bSafari\//, 'Safari'],
];

const SYSTEMS: [RegExp, string][] = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bMac OS X\b|\bMacintosh\b/, 'macOS'],
  [/\bLinux\b/, 'Linux'],
];

const PROGRAMS: [RegExp, string][] = [
  [/^curl\//, 'curl'],
  [/^(?:node|undici)\b/i, 'Node.js'],
  [/^python-/i, 'Python'],
  [/^PostmanRuntime\//, 'Postman'],
  [/^okhttp\//, 'An Android app'],
];

const find = (list: [RegExp, string][], text: string) => list.find(([pattern]) => pattern.test(text))?.[1];

/**
 * Names a device for a person who wants to recognise it; good enough for that, and for nothing else.
 * @example describeDevice('Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0').name // 'Firefox on
 * Linux'
 */
export function describeDevice(userAgent: string | null | undefined): Device {
  const text = (userAgent ?? '').slice(0, 500);
  const program = find(PROGRAMS, text);
  if (program) return { name: program, kind: 'program' };
  const browser = find(BROWSERS, text);
  const system = find(SYSTEMS, text);
  if (!browser && !system) return { name: 'Unknown device', kind: 'program' };
  const tablet = system === 'iPad' || (system === 'Android' && !/\bMobile\b/.test(text));
  const kind = tablet ? 'tablet' : system === 'iPhone' || system === 'Android' ? 'phone' : 'desktop';
  return { name: browser && system ? `${browser} on ${system}` : (browser ?? system ?? 'Unknown device'), kind };
}
