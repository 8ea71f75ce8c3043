// The text of the metrics; lines that changed since the last look are marked.
import { FORMATS, readExposition } from './api.js';
import { byId, make } from './elements.js';

const LINE_COUNT_MAX = 2000;

export function makeExposition() {
  const format = byId('format');
  format.replaceChildren(...Object.keys(FORMATS).map((title) => make('option', { value: title }, title)));
  const view = byId('exposition');
  let shown = '';

  const draw = (text) => {
    const wanted = byId('filter').value;
    const lines = text.split('\n').filter((line) => line.includes(wanted)).slice(0, LINE_COUNT_MAX);
    if (lines.length === 0) lines.push('No line contains that text.');
    const isSameView = shown === `${format.value} ${wanted}` && view.childElementCount === lines.length;
    shown = `${format.value} ${wanted}`;
    while (view.childElementCount > lines.length) view.lastElementChild.remove();
    while (view.childElementCount < lines.length) view.append(make('span'));
    lines.forEach((line, index) => {
      const element = view.children[index];
      const isChanged = isSameView && element.textContent !== line;
      if (element.textContent !== line) element.textContent = line;
      element.className = [line.startsWith('#') ? 'comment' : '', isChanged ? 'changed' : ''].join(' ').trim();
    });
  };

  const refresh = async () => draw(await readExposition(format.value));
  for (const input of [format, byId('filter')]) input.addEventListener('input', () => refresh().catch(() => {}));
  return refresh;
}
