import { cx } from '../../lib/cx.ts';
import { LaptopIcon, PhoneIcon, TabletIcon } from './icons.tsx';

const DEVICES = [
  { icon: LaptopIcon, name: 'Firefox on Linux', note: 'This device', active: true },
  { icon: PhoneIcon, name: 'Chrome on Android', note: 'Signed out just now', active: false },
  { icon: TabletIcon, name: 'Safari on iPad', note: 'Signed out just now', active: false },
];

/** The quiet half of the signed-out pages: what the product promises, drawn instead of told. */
export function Showcase() {
  return (
    <aside aria-hidden className="relative m-3 hidden overflow-hidden rounded-[2rem] bg-tint lg:block">
      <div className="absolute -top-40 -right-40 size-[34rem] rounded-full border border-accent/15" />
      <div className="absolute -top-20 -right-20 size-[24rem] rounded-full border border-accent/15" />
      <div className="absolute -bottom-64 -left-40 size-[40rem] rounded-full border border-accent/15" />
      <div className="relative flex h-full flex-col justify-center px-14 xl:px-24">
        <div className="max-w-md">
          <p className="text-[2.5rem] leading-[1.08] font-semibold tracking-[-0.03em] text-balance xl:text-5xl">
            Sign out once. It’s true everywhere.
          </p>
          <p className="mt-5 max-w-sm text-lg text-muted">
            Your tasks are yours alone, and a device you send away is gone the same moment.
          </p>
        </div>
        <div className="mt-12 max-w-md divide-y divide-line rounded-card border border-line bg-surface shadow-card">
          {DEVICES.map(({ icon: Icon, name, note, active }) => (
            <div key={name} className="flex items-center gap-4 px-5 py-4">
              <span
                className={cx(
                  'grid size-10 place-items-center rounded-xl',
                  active ? 'bg-accent text-on-accent' : 'bg-sunken text-muted',
                )}
              >
                <Icon />
              </span>
              <div className="flex-1">
                <p className={cx('font-medium', !active && 'text-muted line-through decoration-1')}>{name}</p>
                <p className="text-sm text-muted">{note}</p>
              </div>
              <span className={cx('size-2 rounded-full', active ? 'bg-accent' : 'bg-line')} />
            </div>
          ))}
        </div>
      </div>
    </aside>
  );
}
