'use client';

import { MessagePage } from '../components/message-page.tsx';
import { Button } from '../components/ui/button.tsx';

/** Shown when a page could not be made, most often because the database doesn't answer. Says nothing of the inside. */
export default function ErrorPage({ error }: { error: Error & { digest?: string } }) {
  return (
    <MessagePage title="This page couldn’t be made" action={<Button onClick={() => window.location.reload()}>Try again</Button>}>
      <p>The service may be away for a moment. You are still signed in, and nothing was changed.</p>
      {error.digest ? <p className="mt-3 text-sm">Reference {error.digest}</p> : null}
    </MessagePage>
  );
}
