// The states a view can be in besides showing its content.
import { Button, Icon, Spinner, type IconName } from '@narthex/vizkit';
import type { ReactNode } from 'react';

export function LoadingState({ label }: { label: string }) {
  return (
    <div className="state state-loading" role="status" aria-live="polite">
      <Spinner size="xl" />
      <p>{label}</p>
    </div>
  );
}

export function EmptyState({ icon, title, children }: { icon: IconName; title: string; children?: ReactNode }) {
  return (
    <div className="state" role="status">
      <Icon name={icon} size="xxl" />
      <h2>{title}</h2>
      {children}
    </div>
  );
}

export function ErrorState({ title, message, onRetry }: { title: string; message: string; onRetry?: () => void }) {
  return (
    <div className="state state-error" role="alert">
      <Icon name="exclamation-triangle" size="xxl" />
      <h2>{title}</h2>
      <p>{message}</p>
      {onRetry && <Button onClick={onRetry}>Try again</Button>}
    </div>
  );
}
