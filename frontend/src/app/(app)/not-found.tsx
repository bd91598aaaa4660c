import type { Metadata } from 'next';
import { MessageBox } from '../../components/message-page.tsx';
import { buttonClass } from '../../components/ui/button-class.ts';

export const metadata: Metadata = { title: 'Not found' };

export default function NotFound() {
  return (
    <MessageBox
      title="There’s nothing here"
      action={
        <a href="/" className={buttonClass()}>
          Go to the start
        </a>
      }
    >
      The address may be mistyped, or the page is gone.
    </MessageBox>
  );
}
