import { cx } from '../../lib/cx.ts';

export type Variant = 'primary' | 'secondary' | 'ghost' | 'danger';
export type Size = 'sm' | 'md' | 'icon';

const VARIANTS: Record<Variant, string> = {
  primary: 'bg-accent text-on-accent hover:bg-accent-strong',
  secondary: 'border border-line bg-surface text-ink hover:bg-sunken',
  ghost: 'text-muted hover:bg-sunken hover:text-ink',
  danger: 'bg-danger text-on-danger hover:opacity-90',
};

const SIZES: Record<Size, string> = {
  sm: 'h-9 px-3 text-sm gap-1.5',
  md: 'h-11 px-4.5 text-[0.95rem] gap-2',
  icon: 'size-10 shrink-0',
};

/** The classes of a button, for links that look like one. */
export function buttonClass(variant: Variant = 'primary', size: Size = 'md', className?: string): string {
  return cx(
    'relative inline-flex items-center justify-center rounded-control font-medium whitespace-nowrap select-none',
    'transition-[background-color,color,opacity,transform] duration-150 active:scale-[0.98]',
    'disabled:pointer-events-none data-dim:opacity-60',
    VARIANTS[variant],
    SIZES[size],
    className,
  );
}
