'use client';

import { useState } from 'react';
import { toast } from 'sonner';
import { Button } from '../../components/ui/button.tsx';
import { authPost } from '../../lib/auth-request.ts';
import { departAfter } from '../../lib/departure.ts';

/** Stays in view for as long as an administrator acts as somebody else. */
export function ImpersonationBanner({ name, email }: { name: string; email: string }) {
  const [pending, setPending] = useState(false);

  async function stop() {
    setPending(true);
    await departAfter('/admin', async () => {
      const result = await authPost('/admin/stop-impersonating');
      if (result.ok) return true;
      setPending(false);
      toast.error(result.error.message);
      return false;
    });
  }

  return (
    <div
      role="status"
      className={
        'flex flex-wrap items-center justify-center gap-x-4 gap-y-2 bg-warn-tint px-4 py-2.5 text-center ' +
        'text-[0.95rem]'
      }
    >
      <p className="min-w-0 wrap-anywhere">
        You are acting as <strong className="font-semibold">{name}</strong> ({email}). It ends by itself within the
        hour.
      </p>
      <Button variant="secondary" size="sm" pending={pending} onClick={() => void stop()}>
        Stop impersonating
      </Button>
    </div>
  );
}
