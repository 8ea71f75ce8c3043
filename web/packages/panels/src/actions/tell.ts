// What became of an action, told to the page: whatever pressed the button may be gone by then.

export interface Told {
  severity: 'success' | 'error';
  title: string;
  text: string;
}

const TOLD = 'narthex:told';

export const tell = (told: Told): void => void window.dispatchEvent(new CustomEvent<Told>(TOLD, { detail: told }));

/** Calls back with each; what it gives ends that. */
export function onTold(listen: (told: Told) => void): () => void {
  const take = (event: Event): void => {
    if (event instanceof CustomEvent) listen(event.detail as Told);
  };
  window.addEventListener(TOLD, take);
  return () => window.removeEventListener(TOLD, take);
}
