'use client';

import { MessagePage } from '../components/message-page.tsx';
import { Button } from '../components/ui/button.tsx';
import './globals.css';

/** The last resort: even the frame of the application failed. */
export default function GlobalError() {
  return (
    <html lang="en">
      <body>
        <title>Session Guard</title>
        <MessagePage title="Something broke" action={<Button onClick={() => window.location.reload()}>Try again</Button>}>
          The application couldn’t start in this browser. Trying again often helps.
        </MessagePage>
      </body>
    </html>
  );
}
