// The legend of one panel shown or hidden by a key, until the page is left.
import { useEffect, useState } from 'react';

const TURN = 'narthex:legend';

export const turnLegend = (panelKey: string): void => void window.dispatchEvent(new CustomEvent(TURN, { detail: panelKey }));

/** Whether it is the other way round than the panel says. */
export function useLegendTurned(panelKey: string): boolean {
  const [isTurned, setIsTurned] = useState(false);
  useEffect(() => {
    const turn = (event: Event): void => {
      if (event instanceof CustomEvent && event.detail === panelKey) setIsTurned((before) => !before);
    };
    window.addEventListener(TURN, turn);
    return () => window.removeEventListener(TURN, turn);
  }, [panelKey]);
  return isTurned;
}
