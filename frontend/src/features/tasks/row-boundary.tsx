'use client';

import { Component, type ReactNode } from 'react';
import { Button } from '../../components/ui/button.tsx';
import { Notice } from '../../components/ui/notice.tsx';

interface RowBoundaryProps {
  /** What is inside, as the beginning of a sentence: "This task". */
  what: string;
  /** Takes away what can't be shown; without it, it stays. */
  onDiscard?: () => void;
  /** For a row of a list: the page of the list that holds it. */
  page?: number;
  children: ReactNode;
}

/** Around one row or editor: when it can't be drawn it says so in its place, and everything else stays as it is. */
export class RowBoundary extends Component<RowBoundaryProps, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    const { what, onDiscard, page, children } = this.props;
    if (!this.state.failed) return children;
    const notice = (
      <Notice
        tone="danger"
        action={
          <span className="flex gap-2">
            {onDiscard ? (
              <Button variant="ghost" size="sm" onClick={onDiscard}>
                Discard
              </Button>
            ) : null}
            <Button variant="secondary" size="sm" onClick={() => this.setState({ failed: false })}>
              Try again
            </Button>
          </span>
        }
      >
        {what} couldn’t be shown. Everything else is as it was.
      </Notice>
    );
    return page === undefined ? notice : <li data-page={page}>{notice}</li>;
  }
}
