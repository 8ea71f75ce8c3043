// Lines in steps: those further down come as one scrolls there, or at the press of a button.
import { Button } from '@narthex/vizkit';
import { useEffect, useState, type CSSProperties, type ReactNode } from 'react';

interface LineListProps<T> {
  items: readonly T[];
  /** Another one begins from the top. */
  resetKey: string;
  style: CSSProperties;
  render: (item: T, index: number) => ReactNode;
}

const STEP = 500;

export function LineList<T>({ items, resetKey, style, render }: LineListProps<T>) {
  const [{ key, count }, setShown] = useState({ key: resetKey, count: STEP });
  const shownCount = key === resetKey ? count : STEP;
  const [end, setEnd] = useState<HTMLElement | null>(null);
  const hasMore = items.length > shownCount;
  useEffect(() => {
    if (!end) return undefined;
    const observer = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) setShown({ key: resetKey, count: shownCount + STEP });
    });
    observer.observe(end);
    return () => observer.disconnect();
  }, [end, resetKey, shownCount]);
  return (
    <ol style={{ overflow: 'auto', margin: 0, padding: 0, listStyle: 'none', flexGrow: 1, minHeight: 0, ...style }}>
      {items.slice(0, shownCount).map(render)}
      {hasMore && (
        <li ref={setEnd}>
          <Button size="sm" fill="text" onClick={() => setShown({ key: resetKey, count: shownCount + STEP })}>
            {`${Math.min(STEP, items.length - shownCount)} more of ${items.length - shownCount}`}
          </Button>
        </li>
      )}
    </ol>
  );
}
