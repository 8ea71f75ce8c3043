// Words for a screen reader that follow what a key did. One place of the page for all charts.
let region: HTMLElement | undefined;

export function announce(words: string): void {
  if (!region?.isConnected) {
    region = document.createElement('div');
    region.className = 'sr-only';
    region.setAttribute('aria-live', 'polite');
    document.body.append(region);
  }
  region.textContent = words;
}
