// Group by: what each field is for, and how what falls together is summed up.
import type { AnyRecord } from '@narthex/dashmodel';
import { record, text, texts } from '@narthex/dashmodel/json';
import { Combobox, MultiCombobox } from '@narthex/vizkit';

import { CALCS } from './option_parts';

const OPERATIONS = [
  { value: '', label: 'Left out' },
  { value: 'groupby', label: 'Group by' },
  { value: 'aggregate', label: 'Calculate' },
];
const CALC_CHOICES = CALCS.map(([value, label]) => ({ value, label }));

interface GroupByFormProps {
  options: AnyRecord;
  names: readonly string[];
  onChange: (options: AnyRecord) => void;
}

export function GroupByForm({ options, names, onChange }: GroupByFormProps) {
  const fields = record(options['fields']);
  const all = [...new Set([...names, ...Object.keys(fields)])];
  const set = (name: string, rule: AnyRecord): void => onChange({ ...options, fields: { ...fields, [name]: rule } });
  if (all.length === 0) return <p className="step-plain">The fields stand here once the queries have answered.</p>;
  return (
    <ul className="step-organize">
      {all.map((name) => {
        const rule = record(fields[name]);
        return (
          <li key={name} className="step-row" aria-label={name}>
            <span className="step-name">{name}</span>
            <Combobox
              aria-label={`What ${name} is for`}
              options={OPERATIONS}
              value={text(rule['operation'])}
              onChange={({ value }) => set(name, { aggregations: texts(rule['aggregations']), operation: value === '' ? null : value })}
            />
            {rule['operation'] === 'aggregate' && (
              <MultiCombobox
                aria-label={`Calculations of ${name}`}
                options={CALC_CHOICES}
                value={texts(rule['aggregations'])}
                onChange={(chosen) => set(name, { ...rule, aggregations: chosen.map(({ value }) => value) })}
              />
            )}
          </li>
        );
      })}
    </ul>
  );
}
