'use client';

import { useState, type FormEvent } from 'react';
import { Button } from '../../components/ui/button.tsx';
import { Confirm, ConfirmCancel } from '../../components/ui/dialog.tsx';
import { Field } from '../../components/ui/field.tsx';
import { Select } from '../../components/ui/select.tsx';

interface QuestionProps {
  /** Of the button that asks, and shown while the act is under way. */
  label: string;
  title: string;
  description: string;
  /** Of the button that does it. */
  confirm: string;
  danger?: boolean;
  /** @returns whether it worked; the question stays open when it didn't */
  onConfirm: () => Promise<boolean>;
}

/** A button whose act is asked about first: it gives somebody power, or takes it. */
export function AskFirst({ label, title, description, confirm, danger = false, onConfirm }: QuestionProps) {
  const [open, setOpen] = useState(false);
  const [pending, setPending] = useState(false);

  async function act() {
    setPending(true);
    const worked = await onConfirm();
    setPending(false);
    if (worked) setOpen(false);
  }

  return (
    <Confirm
      open={open}
      onOpenChange={setOpen}
      trigger={
        <Button variant="secondary" size="sm">
          {label}
        </Button>
      }
      title={title}
      description={description}
    >
      <div className="flex flex-wrap justify-end gap-2">
        <ConfirmCancel asChild>
          <Button variant="ghost">Cancel</Button>
        </ConfirmCancel>
        <Button variant={danger ? 'danger' : 'primary'} pending={pending} onClick={() => void act()}>
          {confirm}
        </Button>
      </div>
    </Confirm>
  );
}

/** How long a ban may last, in seconds; 0 until it is lifted. */
const BANS = [
  { label: 'Until it is lifted', seconds: 0 },
  { label: 'A day', seconds: 86_400 },
  { label: 'A week', seconds: 7 * 86_400 },
  { label: '30 days', seconds: 30 * 86_400 },
];

/** What Better Auth is told of a ban. */
export interface BanTerms {
  banReason: string;
  /** Seconds. */
  banExpiresIn?: number;
}

/** Asks why somebody is banned, and for how long. */
export function AskForBan({ name, onBan }: { name: string; onBan: (terms: BanTerms) => Promise<boolean> }) {
  const [open, setOpen] = useState(false);
  const [pending, setPending] = useState(false);

  async function ban(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const seconds = Number(data.get('seconds'));
    const written = data.get('reason');
    const reason = typeof written === 'string' ? written.trim() : '';
    setPending(true);
    const worked = await onBan({
      banReason: reason || 'No reason given',
      ...(seconds > 0 ? { banExpiresIn: seconds } : {}),
    });
    setPending(false);
    if (worked) setOpen(false);
  }

  return (
    <Confirm
      open={open}
      onOpenChange={setOpen}
      trigger={
        <Button variant="secondary" size="sm" className="text-danger">
          Ban
        </Button>
      }
      title={`Ban ${name}?`}
      description="They are signed out everywhere at once and can’t come back until the ban ends."
    >
      <form onSubmit={(event) => void ban(event)} className="grid gap-4">
        <Field label="Reason" name="reason" maxLength={200} hint="For other administrators." />
        <label className="grid gap-1.5 text-sm font-medium">
          How long
          <Select name="seconds" defaultValue="0" className="font-normal">
            {BANS.map(({ label, seconds }) => (
              <option key={seconds} value={seconds}>
                {label}
              </option>
            ))}
          </Select>
        </label>
        <div className="flex flex-wrap justify-end gap-2">
          <ConfirmCancel asChild>
            <Button variant="ghost">Cancel</Button>
          </ConfirmCancel>
          <Button type="submit" variant="danger" pending={pending}>
            Ban and sign out
          </Button>
        </div>
      </form>
    </Confirm>
  );
}
