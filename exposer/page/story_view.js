// The stories, and how far the one that plays has come.
import { byId, make } from './elements.js';

const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;

// `act(route, body)` asks the server.
export function makeStories(stories, act) {
  const buttons = stories.map((story) => {
    const button = make(
      'button',
      { type: 'button', className: 'story', 'aria-pressed': 'false' },
      make('span', {}, story.title),
      make('span', { className: 'muted' }, `${story.description} ${story.duration_seconds / 60} minutes.`),
    );
    button.addEventListener('click', () => act('story', { name: story.name }));
    return [story.name, button];
  });
  byId('stories').replaceChildren(...buttons.map(([, button]) => button));

  const progress = make('progress', { 'aria-label': 'How far the story has come' });
  const caption = make('span', { role: 'status' });
  const time = make('span', { className: 'muted' });
  const stop = make('button', { type: 'button' }, 'Stop the story');
  stop.addEventListener('click', () => act('story/stop'));
  byId('playing').replaceChildren(
    progress,
    caption,
    make('div', { className: 'row' }, time, stop),
  );

  return (playing) => {
    byId('playing').hidden = playing === null;
    for (const [name, button] of buttons) button.setAttribute('aria-pressed', String(playing?.name === name));
    if (playing === null) return;
    progress.max = playing.duration_seconds;
    progress.value = playing.elapsed_seconds;
    time.textContent = `${playing.title}: ${clock(playing.elapsed_seconds)} of ${clock(playing.duration_seconds)}`;
    // Only when it is new: it is read aloud.
    if (caption.textContent !== playing.caption) caption.textContent = playing.caption;
  };
}
