'use client';

import { AlertDialog } from 'radix-ui';
import type { ReactNode } from 'react';

/**
 * Radix locks the page's scrolling with a style element of its own, and looks for the nonce to put on it under the name
 * bundlers have agreed on. Scripts that carry the nonce can read it anyway.
 */
function offerNonce(): void {
  const shared = globalThis as { __webpack_nonce__?: string };
  shared.__webpack_nonce__ ??= document.querySelector<HTMLScriptElement>('script[nonce]')?.nonce ?? '';
}

/**
 * A question that must be answered before anything else: focus stays inside, Escape means no.
 * The actions are the caller's; `AlertDialog.Cancel` closes.
 */
export function Confirm({
  open,
  onOpenChange,
  trigger,
  title,
  description,
  children,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  trigger: ReactNode;
  title: string;
  description: ReactNode;
  children: ReactNode;
}) {
  return (
    <AlertDialog.Root
      open={open}
      onOpenChange={(next) => {
        offerNonce();
        onOpenChange(next);
      }}
    >
      <AlertDialog.Trigger asChild>{trigger}</AlertDialog.Trigger>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className="fixed inset-0 z-40 bg-black/45 backdrop-blur-[2px]" />
        <AlertDialog.Content
          className={
            'fixed inset-x-4 top-1/2 z-50 mx-auto max-h-[90dvh] max-w-md -translate-y-1/2 animate-rise ' +
            'overflow-y-auto rounded-card border border-line bg-surface p-6 shadow-card outline-none sm:p-7'
          }
        >
          <AlertDialog.Title className="text-lg font-semibold">{title}</AlertDialog.Title>
          <AlertDialog.Description asChild>
            <div className="mt-2 text-muted">{description}</div>
          </AlertDialog.Description>
          <div className="mt-6">{children}</div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}

/** Closes the question without an answer. */
export const ConfirmCancel = AlertDialog.Cancel;
