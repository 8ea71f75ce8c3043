// One knob: a slider with a number beside it, or a choice.
import { make } from './elements.js';

// A knob in somebody's hand is not moved by what the server says.
const isHeld = (...inputs) => inputs.includes(document.activeElement) && Date.now() - lastTurn < 2000;
let lastTurn = 0;

// `onTurn(name, value)` is called with what the person chose; show(value) shows what holds.
export function makeKnob(knob, limits, onTurn) {
  return limits.choices ? makeChoice(knob, limits, onTurn) : makeNumber(knob, limits, onTurn);
}

function makeNumber({ name, label, step }, { least, most }, onTurn) {
  const id = `knob-${name}`;
  const slider = make('input', { type: 'range', id, min: least, max: most, step: step });
  const number = make('input', { type: 'number', min: least, max: most, step: 'any', 'aria-label': `${label}, exactly` });
  const turn = (input) => {
    const isValid = input.value !== '' && input.validity.valid;
    number.setAttribute('aria-invalid', String(!isValid));
    if (!isValid) return;
    (input === slider ? number : slider).value = input.value;
    lastTurn = Date.now();
    onTurn(name, Number(input.value));
  };
  slider.addEventListener('input', () => turn(slider));
  number.addEventListener('input', () => turn(number));
  const element = make('div', { className: 'knob' }, make('label', { htmlFor: id }, label), number, slider);
  const show = (value) => {
    if (isHeld(slider, number)) return;
    slider.value = String(value);
    // What is typed right now, or was typed wrong, stays until it is left.
    if (document.activeElement === number) return;
    number.value = String(Number(value.toFixed(3)));
    number.setAttribute('aria-invalid', 'false');
  };
  return { element, show };
}

function makeChoice({ name, label }, { choices }, onTurn) {
  const inputs = choices.map((choice) => make('input', { type: 'radio', name, value: choice }));
  for (const input of inputs) {
    input.addEventListener('change', () => {
      lastTurn = Date.now();
      onTurn(name, input.value);
    });
  }
  const options = inputs.map((input) => make('label', {}, input, input.value));
  const element = make(
    'fieldset',
    { className: 'choice' },
    make('legend', {}, label),
    make('div', { className: 'options' }, ...options),
  );
  const show = (value) => {
    if (isHeld(...inputs)) return;
    for (const input of inputs) input.checked = input.value === value;
  };
  return { element, show };
}
