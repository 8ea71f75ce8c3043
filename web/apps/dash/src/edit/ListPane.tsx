// A list in a dashboard's JSON - links, annotations - as forms one can add to and take from.
import type { AnyRecord } from '@narthex/dashmodel';
import { records, text } from '@narthex/dashmodel/json';
import { Button, IconButton } from '@narthex/vizkit';

import { OptionForm, type OptionSpec } from './form';

interface ListPaneProps {
  name: string;
  list: unknown;
  /** The same for all, or by what one is. */
  specs: readonly OptionSpec[] | ((one: AnyRecord) => readonly OptionSpec[]);
  /** What follows from a change of one. */
  settled?: (one: AnyRecord) => AnyRecord;
  titleKey: string;
  fresh: AnyRecord;
  onChange: (list: AnyRecord[]) => void;
}

function moved<T>(list: readonly T[], from: number, by: number): T[] {
  const next = [...list];
  const [one] = next.splice(from, 1);
  if (one !== undefined) next.splice(from + by, 0, one);
  return next;
}

export function ListPane({ name, list, specs, settled = (one) => one, titleKey, fresh, onChange }: ListPaneProps) {
  const all = records(list);
  return (
    <section aria-label={name} className="option-list">
      <ul className="queries">
        {all.map((one, index) => (
          <li key={index} className="query" aria-label={`${name} ${text(one[titleKey])}`}>
            <div className="query-head">
              <strong>{text(one[titleKey]) || `${name} ${index + 1}`}</strong>
              <IconButton name="arrow-up" tooltip="Earlier" disabled={index === 0} onClick={() => onChange(moved(all, index, -1))} />
              <IconButton name="arrow-down" tooltip="Later" disabled={index === all.length - 1} onClick={() => onChange(moved(all, index, 1))} />
              <IconButton name="trash-alt" tooltip="Remove" onClick={() => onChange(all.filter((_, at) => at !== index))} />
            </div>
            <OptionForm root={one} specs={typeof specs === 'function' ? specs(one) : specs} onChange={(next) => onChange(all.map((other, at) => (at === index ? settled(next) : other)))} />
          </li>
        ))}
      </ul>
      {all.length === 0 && <p className="option-hint">There is none yet.</p>}
      <Button icon="plus" variant="secondary" onClick={() => onChange([...all, fresh])}>
        Add
      </Button>
    </section>
  );
}
