import type { Metadata } from 'next';
import Link from 'next/link';
import { MessagePage } from '../components/message-page.tsx';
import { buttonClass } from '../components/ui/button.tsx';

export const metadata: Metadata = { title: 'Not found' };

export default function NotFound() {
  return (
    <MessagePage
      title="There’s nothing here"
      action={
        <Link href="/" className={buttonClass()}>
          Go to the start
        </Link>
      }
    >
      The address may be mistyped, or the page is gone.
    </MessagePage>
  );
}
