'use client';

import { Monitor, Moon, Sun } from 'lucide-react';
import { useTheme } from 'next-themes';
import { useHydrated } from '../lib/use-hydrated.ts';
import { Button } from './ui/button.tsx';

const THEMES = [
  { id: 'system', label: 'System theme', icon: Monitor },
  { id: 'light', label: 'Light theme', icon: Sun },
  { id: 'dark', label: 'Dark theme', icon: Moon },
] as const;

/** Steps through system, light and dark; its name says which one is on. */
export function ThemeToggle() {
  const { theme, setTheme } = useTheme();
  // The server can't know what this browser remembers.
  const hydrated = useHydrated();
  const index = hydrated ? Math.max(0, THEMES.findIndex(({ id }) => id === theme)) : 0;
  const { label, icon: Icon } = THEMES[index] ?? THEMES[0];
  const next = THEMES[(index + 1) % THEMES.length] ?? THEMES[0];
  return (
    <Button variant="ghost" size="icon" aria-label={label} title={`${label}. Change to ${next.label.toLowerCase()}`} onClick={() => setTheme(next.id)}>
      <Icon aria-hidden className="size-5" />
    </Button>
  );
}
