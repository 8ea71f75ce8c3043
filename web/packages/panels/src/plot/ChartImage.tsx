import type { ReactNode } from 'react';

/** A drawing on a canvas, with what it says in words. */
export function ChartImage({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div role="img" aria-label={label}>
      {children}
    </div>
  );
}
