// Escape for what lies over the page, heard before anyone else: the tooltip of a focused button would keep it to itself.
import { useEffect, useRef } from 'react';

export function useEscape(onEscape: () => void): void {
  const latest = useRef(onEscape);
  latest.current = onEscape;
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      // An open list of choices closes first.
      if (document.activeElement?.getAttribute('aria-expanded') === 'true') return;
      // The page below keeps what it shows.
      event.preventDefault();
      latest.current();
    };
    window.addEventListener('keydown', press, { capture: true });
    return () => window.removeEventListener('keydown', press, { capture: true });
  }, []);
}
