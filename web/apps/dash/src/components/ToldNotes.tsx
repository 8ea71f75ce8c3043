// What became of actions, in a corner of the page for as long as it takes to read.
import { onTold, type Told } from '@narthex/panels';
import { Alert } from '@narthex/vizkit';
import { useEffect, useState } from 'react';

const SHOWN_MS = 6000;
// Failures stay until they are put away.
const NOTE_COUNT_MAX = 4;

interface Note extends Told {
  id: number;
}

export function ToldNotes() {
  const [notes, setNotes] = useState<readonly Note[]>([]);
  useEffect(() => {
    let count = 0;
    const timers = new Set<number>();
    const stop = onTold((told) => {
      count += 1;
      const note = { ...told, id: count };
      setNotes((before) => [...before, note].slice(-NOTE_COUNT_MAX));
      if (told.severity === 'success') timers.add(window.setTimeout(() => setNotes((before) => before.filter(({ id }) => id !== note.id)), SHOWN_MS));
    });
    return () => {
      stop();
      timers.forEach((timer) => window.clearTimeout(timer));
    };
  }, []);
  if (notes.length === 0) return null;
  return (
    <div className="told-notes" aria-live="polite">
      {notes.map(({ id, severity, title, text }) => (
        <Alert key={id} severity={severity} title={title} elevated onRemove={() => setNotes((before) => before.filter((note) => note.id !== id))}>
          {text}
        </Alert>
      ))}
    </div>
  );
}
