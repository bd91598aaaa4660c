'use client';

import { useState } from 'react';
import { Button } from '../../components/ui/button.tsx';
import { authPost } from '../../lib/auth-request.ts';
import { signInPath } from '../../lib/next-path.ts';
import { KeyIcon } from './icons.tsx';
import { Message } from './message.tsx';
import type { Provider } from './provider.ts';

/** Buttons for the providers that are configured, under a divider. */
export default function SocialButtons({ providers, next }: { providers: Provider[]; next: string }) {
  const [pending, setPending] = useState<string>();
  const [failure, setFailure] = useState<string>();
  async function start(provider: Provider) {
    setPending(provider.id);
    setFailure(undefined);
    const back = { callbackURL: next, errorCallbackURL: signInPath(next) };
    const result = await authPost<{ url?: string }>('/sign-in/social', { provider: provider.id, ...back });
    if (result.ok && result.data.url) {
      window.location.assign(result.data.url);
      return;
    }
    setPending(undefined);
    setFailure(result.ok ? 'That provider gave no address to go to.' : result.error.message);
  }

  return (
    <div className="mt-6">
      <div
        className={
          'mb-6 flex items-center gap-4 text-sm text-muted before:h-px before:flex-1 before:bg-line after:h-px ' +
          'after:flex-1 after:bg-line'
        }
      >
        or
      </div>
      <div className="grid gap-3">
        {providers.map((provider) => (
          <Button
            key={provider.id}
            variant="secondary"
            pending={pending === provider.id}
            onClick={() => void start(provider)}
          >
            <ProviderMark id={provider.id} />
            {provider.label}
          </Button>
        ))}
      </div>
      {failure ? (
        <div className="mt-4">
          <Message tone="danger">{failure}</Message>
        </div>
      ) : null}
    </div>
  );
}

function ProviderMark({ id }: { id: Provider['id'] }) {
  if (id === 'github') {
    return (
      <svg viewBox="0 0 24 24" aria-hidden className="size-5" fill="currentColor">
        <path
          d={
            'M12 .5a11.5 11.5 0 0 0-3.64 22.41c.58.1.79-.25.79-.56v-2c-3.2.7-3.88-1.36-3.88-1.36-.52-1.34-1.28' +
            '-1.69-1.28-1.69-1.05-.72.08-.7.08-.7 1.16.08 1.77 1.19 1.77 1.19 1.03 1.77 2.7 1.26 3.36.96.1' +
            '-.75.4-1.26.73-1.55-2.55-.29-5.24-1.28-5.24-5.68 0-1.26.45-2.28 1.19-3.09-.12-.29-.52-1.46.11' +
            '-3.04 0 0 .97-.31 3.17 1.18a11 11 0 0 1 5.77 0c2.2-1.49 3.16-1.18 3.16-1.18.63 1.58.24 2.75.12' +
            ' 3.04.74.81 1.18 1.83 1.18 3.09 0 4.42-2.69 5.39-5.25 5.67.41.36.78 1.06.78 2.13v3.16c0' +
            ' .31.21.67.8.56A11.5 11.5 0 0 0 12 .5'
          }
        />
      </svg>
    );
  }
  if (id === 'google') {
    return (
      <svg viewBox="0 0 24 24" aria-hidden className="size-5">
        <path
          fill="#4285f4"
          d={
            'M23.5 12.27c0-.85-.08-1.66-.22-2.45H12v4.64h6.45a5.5 5.5 0 0 1-2.39 3.62v3h3.87c2.26-2.09 3.57-5.16 ' +
            '3.57-8.81'
          }
        />
        <path
          fill="#34a853"
          d={
            'M12 24c3.24 0 5.95-1.07 7.93-2.91l-3.87-3c-1.07.72-2.45 1.15-4.06 1.15-3.12 ' +
            '0-5.77-2.11-6.71-4.95h-4v3.1A12 12 0 0 0 12 24'
          }
        />
        <path fill="#fbbc05" d="M5.29 14.29a7.2 7.2 0 0 1 0-4.58v-3.1h-4a12 12 0 0 0 0 10.78z" />
        <path
          fill="#ea4335"
          d="M12 4.76c1.76 0 3.34.61 4.59 1.8l3.43-3.44A11.97 11.97 0 0 0 1.29 6.61l4 3.1C6.23 6.87 8.88 4.76 12 4.76"
        />
      </svg>
    );
  }
  return <KeyIcon />;
}
