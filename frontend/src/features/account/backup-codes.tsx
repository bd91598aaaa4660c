'use client';

import { Copy, Download } from 'lucide-react';
import { toast } from 'sonner';
import { Button } from '../../components/ui/button.tsx';
import { Notice } from '../../components/ui/notice.tsx';

/** The codes for a day without the phone; shown once, since only their owner should ever see them. */
export function BackupCodes({ codes, onDone }: { codes: string[]; onDone: () => void }) {
  async function copy() {
    try {
      await navigator.clipboard.writeText(codes.join('\n'));
      toast.success('Copied');
    } catch {
      toast.error('Copying isn’t allowed here. Select the codes instead.');
    }
  }

  function download() {
    const text = `Session Guard backup codes, each good for one sign-in:\n\n${codes.join('\n')}\n`;
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
    link.download = 'session-guard-backup-codes.txt';
    link.click();
    URL.revokeObjectURL(link.href);
  }

  return (
    <div className="grid gap-4">
      <Notice tone="info">
        Keep these backup codes somewhere safe. Each one lets you in once, and they aren’t shown again.
      </Notice>
      <ul
        aria-label="Backup codes"
        className={
          'grid grid-cols-2 gap-x-6 gap-y-2 rounded-control bg-sunken p-4 text-[0.95rem] tracking-wide ' +
          'tabular-nums sm:grid-cols-3 lg:grid-cols-5'
        }
      >
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="flex flex-wrap gap-2">
        <Button onClick={onDone}>I’ve kept them</Button>
        <Button variant="secondary" onClick={() => void copy()}>
          <Copy aria-hidden className="size-4.5" />
          Copy
        </Button>
        <Button variant="secondary" onClick={download}>
          <Download aria-hidden className="size-4.5" />
          Download
        </Button>
      </div>
    </div>
  );
}
