'use client';

import { useEffect, useRef } from 'react';
import { Button } from '../../components/ui/button.tsx';
import { Notice } from '../../components/ui/notice.tsx';
import { explainReading } from '../../lib/api/explain.ts';

/** How far below the view the next page is asked for, in pixels. */
const AHEAD_PX = 400;

export interface LoadMoreProps {
  pending: boolean;
  error: unknown;
  onMore: () => void;
  onTryAgain: () => void;
}

/**
 * Loads the next page when it comes near the view; the button is for those who don't scroll. After a failure a person
 * decides.
 */
export function LoadMore({ pending, error, onMore, onTryAgain }: LoadMoreProps) {
  const mark = useRef<HTMLDivElement>(null);
  const failed = error !== undefined;

  // After each page too: it may have been too short to push the mark out of view.
  useEffect(() => {
    const element = mark.current;
    if (!element || pending || failed) return undefined;
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && onMore(), {
      rootMargin: `${AHEAD_PX}px`,
    });
    observer.observe(element);
    return () => observer.disconnect();
  });

  return (
    <div ref={mark} className="flex justify-center">
      {failed ? (
        <Notice
          tone="danger"
          className="w-full"
          action={
            <Button variant="secondary" size="sm" onClick={onTryAgain}>
              Try again
            </Button>
          }
        >
          The rest of the list couldn’t be loaded. {explainReading(error)}
        </Notice>
      ) : (
        <Button variant="secondary" size="sm" pending={pending} onClick={onMore}>
          Show more
        </Button>
      )}
    </div>
  );
}
