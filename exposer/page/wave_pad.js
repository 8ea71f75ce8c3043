// One period of a wave: shows the form in force, is drawn with the pointer or with arrow keys.
import { make } from './elements.js';

const COLUMN_COUNT = 32;
const WIDTH = 320;
const HEIGHT = 120;
const KEY_STEP = 0.1;

const svg = (tag, attributes) => {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
};

// As the exposer has them; at a phase from 0 to 1.
const FORMS = {
  sine: (phase) => Math.sin(2 * Math.PI * phase),
  square: (phase) => (phase < 0.5 ? 1 : -1),
  sawtooth: (phase) => 2 * phase - 1,
};

function pointsOf({ wave_form: form, wave_points: drawn }) {
  const drawnAt = (phase) => drawn[Math.floor(phase * drawn.length)] ?? 0;
  const at = FORMS[form] ?? drawnAt;
  return Array.from({ length: COLUMN_COUNT }, (_, column) => at((column + 0.5) / COLUMN_COUNT));
}

const clamp = (value, least, most) => Math.min(most, Math.max(least, value));

// `onDraw(points)` is called with 32 numbers from -1 to 1: what was shown, changed by the hand that draws. show(knobs) shows
// the wave of these knobs.
export function makeWavePad(onDraw) {
  const pad = svg('svg', {
    class: 'pad',
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    preserveAspectRatio: 'none',
    tabindex: '0',
    role: 'slider',
    'aria-label': 'One period of the wave: left and right choose a column, up and down move it',
    'aria-valuemin': '-1',
    'aria-valuemax': '1',
  });
  const bars = Array.from({ length: COLUMN_COUNT }, (_, column) =>
    svg('rect', { x: column * (WIDTH / COLUMN_COUNT) + 1, width: WIDTH / COLUMN_COUNT - 2 }),
  );
  pad.append(svg('line', { x1: 0, x2: WIDTH, y1: HEIGHT / 2, y2: HEIGHT / 2 }), ...bars);
  let points = new Array(COLUMN_COUNT).fill(0);
  let current = 0;
  let isDrawing = false;

  const draw = () => {
    bars.forEach((bar, column) => {
      const size = Math.max(2, Math.abs(points[column]) * (HEIGHT / 2 - 4));
      bar.setAttribute('y', points[column] >= 0 ? HEIGHT / 2 - size : HEIGHT / 2);
      bar.setAttribute('height', size);
      bar.setAttribute('class', column === current ? 'current' : '');
    });
    pad.setAttribute('aria-valuenow', points[current].toFixed(2));
    pad.setAttribute('aria-valuetext', `column ${current + 1} of ${COLUMN_COUNT}: ${points[current].toFixed(2)}`);
  };

  const setTo = (column, value) => {
    // A fast pointer leaves out columns: they get what lies between.
    const from = isDrawing ? current : column;
    const start = points[from];
    const step = Math.sign(column - from) || 1;
    for (let at = from; at !== column; at += step) {
      if (at !== from) points[at] = start + ((value - start) * (at - from)) / (column - from);
    }
    points[column] = value;
    current = column;
    draw();
    onDraw(points.map((point) => Number(point.toFixed(2))));
  };

  const follow = (event) => {
    const box = pad.getBoundingClientRect();
    const column = clamp(Math.floor(((event.clientX - box.left) / box.width) * COLUMN_COUNT), 0, COLUMN_COUNT - 1);
    setTo(column, clamp(1 - (2 * (event.clientY - box.top)) / box.height, -1, 1));
  };
  pad.addEventListener('pointerdown', (event) => {
    pad.setPointerCapture(event.pointerId);
    follow(event);
    isDrawing = true;
  });
  pad.addEventListener('pointermove', (event) => isDrawing && follow(event));
  for (const end of ['pointerup', 'pointercancel']) pad.addEventListener(end, () => (isDrawing = false));

  pad.addEventListener('keydown', (event) => {
    const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, KEY_STEP], ArrowDown: [0, -KEY_STEP] };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    if (move[1] !== 0) {
      setTo(current, clamp(points[current] + move[1], -1, 1));
      return;
    }
    current = clamp(current + move[0], 0, COLUMN_COUNT - 1);
    draw();
  });

  draw();
  const show = (knobs) => {
    if (isDrawing || document.activeElement === pad) return;
    points = pointsOf(knobs);
    draw();
  };
  return { element: make('div', {}, pad), show };
}
