// A page that stays open while its server is replaced by another version asks for scripts that are gone: then it loads
// itself anew. What is being edited holds it back with a question, as at any leaving.
const KEY = 'narthex.reloaded';
// A script that is missing for another reason must not have the page reload for ever.
const PAUSE_MS = 60_000;

export function reloadAfterUpgrade(): void {
  window.addEventListener('vite:preloadError', () => {
    const last = Number(sessionStorage.getItem(KEY) ?? 0);
    if (Date.now() - last < PAUSE_MS) return;
    sessionStorage.setItem(KEY, String(Date.now()));
    window.location.reload();
  });
}
