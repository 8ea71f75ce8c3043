// Where the exemplars of a Prometheus lead: the label with the trace's id, and the address of the trace.
import { valueAt, withValue, type AnyRecord } from '@narthex/dashmodel';
import { records } from '@narthex/dashmodel/json';
import { Button, IconButton } from '@narthex/vizkit';

import { OptionForm, type OptionSpec } from '../edit/form';

const PATH = 'jsonData.exemplarTraceIdDestinations';
const SPECS: readonly OptionSpec[] = [
  { path: 'name', label: 'Label', kind: 'text' },
  { path: 'url', label: 'URL', kind: 'text', hint: '${__value.raw} stands for the id' },
  { path: 'urlDisplayLabel', label: 'Words of the link', kind: 'text' },
];

export function ExemplarLinks({ body, onBody }: { body: AnyRecord; onBody: (body: AnyRecord) => void }) {
  const all = records(valueAt(body, PATH));
  const set = (next: AnyRecord[]): void => onBody(withValue(body, PATH, next.length > 0 ? next : undefined));
  return (
    <section aria-label="Exemplars" className="option-list">
      <h2>Exemplars</h2>
      {all.map((one, index) => (
        <div key={index} className="query" role="group" aria-label={`Destination ${index + 1}`}>
          <OptionForm root={one} specs={SPECS} onChange={(next) => set(all.map((other, at) => (at === index ? next : other)))} />
          <IconButton name="trash-alt" tooltip={`Remove destination ${index + 1}`} onClick={() => set(all.filter((_, at) => at !== index))} />
        </div>
      ))}
      <Button size="sm" icon="plus" variant="secondary" onClick={() => set([...all, { name: 'trace_id', url: '' }])}>
        Add destination
      </Button>
    </section>
  );
}
