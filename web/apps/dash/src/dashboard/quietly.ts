import type { PanelData } from '@narthex/runner';

// A refresh that is quicker than this shows no loading bar: every two seconds one would flicker.
export const LOADING_BAR_DELAY_MS = 600;

/** Tells that something is being fetched only once it takes long: a panel that is quick is drawn once for each answer. */
export function quietly(tell: (data: PanelData) => void): (data: PanelData) => void {
  let timer: number | undefined;
  return (data) => {
    window.clearTimeout(timer);
    if (data.isFetching) timer = window.setTimeout(() => tell(data), LOADING_BAR_DELAY_MS);
    else tell(data);
  };
}
