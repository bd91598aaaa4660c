'use client';

import { useRouter } from 'next/navigation';
import { startTransition } from 'react';
import { MessageBox } from '../../components/message-page.tsx';
import { Button } from '../../components/ui/button.tsx';

/** A page that could not be made, inside the frame: the rest of the application stays within reach. */
export default function AppError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  const router = useRouter();

  function tryAgain() {
    startTransition(() => {
      router.refresh();
      reset();
    });
  }

  return (
    <MessageBox title="This page couldn’t be made" action={<Button onClick={tryAgain}>Try again</Button>}>
      <p>The service may be away for a moment. You are still signed in, and nothing was changed.</p>
      {error.digest ? <p className="mt-2 text-sm">Reference {error.digest}</p> : null}
    </MessageBox>
  );
}
