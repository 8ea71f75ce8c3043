// Runs before the first paint, ahead of the app: the ground has its colour before the theme is built,
// so that a dark page does not start with a white flash. The app keeps the preference under this key.
(function () {
  var wanted = new URLSearchParams(location.search).get('theme');
  try {
    wanted = wanted || localStorage.getItem('narthex.theme');
  } catch {
    // No storage: the default below.
  }
  var isLight = wanted === 'light' || (wanted === 'system' && matchMedia('(prefers-color-scheme: light)').matches);
  document.documentElement.dataset.theme = isLight ? 'light' : 'dark';
})();
