// All rows of the dashboard opened or closed at once.
import { useEffect } from 'react';

const TURN = 'narthex:rows';

export const turnRows = (how: 'expand' | 'collapse'): void => void window.dispatchEvent(new CustomEvent(TURN, { detail: how }));

export function useRowsTurned(setIsCollapsed: (isCollapsed: boolean) => void): void {
  useEffect(() => {
    const turn = (event: Event): void => {
      if (event instanceof CustomEvent) setIsCollapsed(event.detail === 'collapse');
    };
    window.addEventListener(TURN, turn);
    return () => window.removeEventListener(TURN, turn);
  }, [setIsCollapsed]);
}
