// Sets the colour scheme before the first paint, so that a dark page never flashes white.
// The key is the one that theme/color_scheme.ts writes.
(function () {
  var scheme = 'auto';
  try {
    scheme = localStorage.getItem('narthex.theme') || 'auto';
  } catch {
    // Storage is refused: follow the system.
  }
  if (scheme !== 'dark' && scheme !== 'light') {
    scheme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  }
  document.documentElement.setAttribute('data-mantine-color-scheme', scheme);
})();
