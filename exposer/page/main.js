// The page: asks for the state each second, sends what is turned, at most ten times a second.
import { post, readState } from './api.js';
import { CARDS } from './cards.js';
import { byId, dashboardUrl, graphUrl, make, numberText, serviceUrl } from './elements.js';
import { makeExposition } from './exposition_view.js';
import { makeKnob } from './knob_view.js';
import { makeStories } from './story_view.js';
import { makeWavePad } from './wave_pad.js';

const REFRESH_MS = 1000;
const SEND_MS = 100;
const INCREMENTS = [1, 10, 100];

let views = []; // each a function of the state
let pending = {};
let sending = null;

// A refused change is told of until the next one, a silent exposer until it answers.
const problems = { change: null, connection: null };

function showProblem(kind, error) {
  problems[kind] = error;
  const worst = problems.connection ?? problems.change;
  byId('note').hidden = worst === null;
  if (worst !== null) byId('note').textContent = worst.message;
}

function show(state) {
  for (const view of views) view(state);
}

async function act(route, body) {
  try {
    show(await post(route, body));
    showProblem('change', null);
  } catch (error) {
    showProblem('change', error);
  }
}

function turn(name, value) {
  pending[name] = value;
  sending ??= setTimeout(() => {
    const changes = pending;
    pending = {};
    sending = null;
    void act('knobs', changes);
  }, SEND_MS);
}

function makeCounter() {
  const figure = make('div', { className: 'figure', role: 'group', 'aria-label': 'The counter' });
  const buttons = INCREMENTS.map((amount) => {
    const button = make('button', { type: 'button', className: 'primary' }, `+${amount}`);
    button.addEventListener('click', () => act('increment', { amount }));
    return button;
  });
  views.push((state) => (figure.textContent = numberText(state.increment_sum)));
  return [figure, make('div', { className: 'row' }, ...buttons)];
}

function makeMemory() {
  const figure = make('div', { className: 'figure', role: 'group', 'aria-label': 'Memory' });
  views.push((state) => (figure.textContent = `${numberText(Math.round(state.memory_bytes / 1e6))} MB`));
  return [figure];
}

function makeWave() {
  const pad = makeWavePad((points) => {
    turn('wave_points', points);
    turn('wave_form', 'drawn');
  });
  views.push((state) => pad.show(state.knobs));
  return [pad.element];
}

const WIDGETS = { counter: makeCounter, memory: makeMemory, wave: makeWave };

function makeCard({ title, text, widget, knobs, queries }, state) {
  const widgets = widget === undefined ? [] : WIDGETS[widget]();
  const elements = knobs.map((knob) => {
    const { element, show: showKnob } = makeKnob(knob, state.limits[knob.name], turn);
    views.push(({ knobs: positions }) => showKnob(positions[knob.name]));
    return element;
  });
  const links = queries.map((query) =>
    make(
      'a',
      { className: 'query', href: graphUrl(state.links.server_port, query.expression), target: '_blank', rel: 'noopener', title: query.expression },
      query.title,
    ),
  );
  return make(
    'section',
    { className: 'card', 'aria-label': title },
    make('h2', {}, title),
    make('p', { className: 'muted' }, text),
    ...widgets,
    ...elements,
    make('div', { className: 'row' }, ...links),
  );
}

function makeLinks({ server_port: server, dashboards_port: dashboards }) {
  const links = [
    ['Test Dashboard', dashboardUrl(dashboards)],
    ['Query', serviceUrl(server, '/graph')],
    ['Targets', serviceUrl(server, '/targets')],
    ['Metrics', '/metrics'],
  ];
  byId('links').replaceChildren(
    ...links.map(([title, href]) => make('a', { href, target: '_blank', rel: 'noopener' }, title)),
  );
}

function showAnswer({ knobs }) {
  const texts = { normal: 'answered', slow: 'answered late', silent: 'not answered', broken: 'garbled', failing: 'refused' };
  byId('answer').textContent = `Scrapes are ${texts[knobs.answer]}`;
  byId('answer').dataset.tone = knobs.answer === 'normal' ? 'ok' : 'error';
}

function build(state) {
  views = [showAnswer];
  makeLinks(state.links);
  byId('cards').replaceChildren(...CARDS.map((card) => makeCard(card, state)));
  const showStory = makeStories(state.stories, act);
  views.push(({ story }) => showStory(story));
}

async function refresh(readText) {
  try {
    const state = await readState();
    if (views.length === 0) build(state);
    // What was turned since is on its way.
    if (sending === null) show(state);
    await readText();
    showProblem('connection', null);
  } catch (error) {
    showProblem('connection', new Error(`The exposer does not answer: ${error.message}`));
  }
  setTimeout(() => refresh(readText), REFRESH_MS);
}

byId('restart').addEventListener('click', () => act('restart'));
byId('reset').addEventListener('click', () => act('reset'));
void refresh(makeExposition());
