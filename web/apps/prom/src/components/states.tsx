// What stands in place of content: loading, nothing there, failed; and notes beside content.
import { ApiError } from '@narthex/promapi';
import { Button, Skeleton } from '@mantine/core';
import type { ReactNode } from 'react';

import { IconAlert, IconInfo } from './icons';
import styles from './states.module.css';

export function LoadingRows({ rows }: { rows: number }) {
  return (
    <output className={styles.loading} aria-label="Loading">
      {Array.from({ length: rows }, (_, index) => (
        <Skeleton key={index} height={14} radius="sm" width={`${96 - ((index * 23) % 40)}%`} />
      ))}
    </output>
  );
}

export function EmptyNote({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className={styles.empty}>
      <div className={styles.emptyTitle}>{title}</div>
      {children !== undefined && <div>{children}</div>}
    </div>
  );
}

type Tone = 'error' | 'warning' | 'info';

const TONE_TITLES: Record<Tone, string> = { error: 'Error', warning: 'Warning', info: 'Note' };

export function Note({ tone, title, children }: { tone: Tone; title?: string; children: ReactNode }) {
  return (
    <div className={styles.note} data-tone={tone} role={tone === 'error' ? 'alert' : 'note'}>
      <span className={styles.noteIcon}>{tone === 'info' ? <IconInfo /> : <IconAlert />}</span>
      <div className={styles.noteBody}>
        <strong>{title ?? TONE_TITLES[tone]}</strong>
        <div className={styles.noteText}>{children}</div>
      </div>
    </div>
  );
}

const ERROR_TITLES: Record<string, string> = {
  bad_data: 'The request is not valid',
  execution: 'The query failed',
  timeout: 'The query took too long',
  canceled: 'The query was cancelled',
  unavailable: 'The server is not ready yet',
  network: 'No connection',
  http: 'Unexpected answer',
  shape: 'Unexpected answer',
};

interface ErrorNoteProps {
  error: Error;
  // Takes the place of the title that follows from the kind of error.
  title?: string | undefined;
  onRetry?: () => void;
}

export function ErrorNote({ error, title, onRetry }: ErrorNoteProps) {
  const kind = error instanceof ApiError ? error.type : '';
  return (
    <Note tone="error" title={title ?? ERROR_TITLES[kind] ?? 'Something went wrong'}>
      <code className={styles.errorText}>{error.message}</code>
      {onRetry !== undefined && (
        <div>
          <Button variant="default" size="xs" mt={8} onClick={onRetry}>
            Try again
          </Button>
        </div>
      )}
    </Note>
  );
}

// The notes that came with an answer. The answer may be incomplete because of them.
export function AnswerNotes({ warnings, infos }: { warnings: string[]; infos: string[] }) {
  if (warnings.length === 0 && infos.length === 0) return null;
  return (
    <div className={styles.notes}>
      {warnings.map((text) => (
        <Note key={`w${text}`} tone="warning">
          {text}
        </Note>
      ))}
      {infos.map((text) => (
        <Note key={`i${text}`} tone="info">
          {text}
        </Note>
      ))}
    </div>
  );
}
