import { useLayoutEffect, useState, type RefCallback } from 'react';

export interface ElementSize {
  width: number;
  height: number;
}

/** The content box of an element in whole CSS pixels; zero until it is in the page. */
export function useElementSize(): [RefCallback<HTMLElement>, ElementSize] {
  const [element, setElement] = useState<HTMLElement | null>(null);
  const [size, setSize] = useState<ElementSize>({ width: 0, height: 0 });
  useLayoutEffect(() => {
    if (!element) return undefined;
    const read = (): void => {
      const width = Math.floor(element.clientWidth);
      const height = Math.floor(element.clientHeight);
      setSize((before) => (before.width === width && before.height === height ? before : { width, height }));
    };
    read();
    const observer = new ResizeObserver(read);
    observer.observe(element);
    return () => observer.disconnect();
  }, [element]);
  return [setElement, size];
}
