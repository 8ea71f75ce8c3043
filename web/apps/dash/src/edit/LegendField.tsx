// How the series of a query are called: by what tells them apart, by all their labels, or by a pattern.
import { Combobox } from '@narthex/vizkit';

import { Draft } from './Draft';

export const AUTO_LEGEND = '__auto';

const CHOICES = [
  { value: 'auto', label: 'Auto', description: 'Only the labels that differ' },
  { value: 'verbose', label: 'Verbose', description: 'All labels' },
  { value: 'custom', label: 'Custom', description: 'By a pattern with {{label}}' },
];
// What a pattern starts with: something to see how it is written.
const PATTERN = '{{label_name}}';

const choiceOf = (format: string): string => (format === AUTO_LEGEND ? 'auto' : format === '' ? 'verbose' : 'custom');
const FORMATS: Readonly<Record<string, string>> = { auto: AUTO_LEGEND, verbose: '', custom: PATTERN };

export function LegendField({ id, format, onChange }: { id: string; format: string; onChange: (format: string) => void }) {
  const choice = choiceOf(format);
  return (
    <div className="legend-field">
      <Combobox id={id} options={CHOICES} value={choice} onChange={({ value }) => value !== choice && onChange(FORMATS[value] ?? '')} />
      {choice === 'custom' && <Draft id={`${id}-pattern`} label="Pattern of the legend" value={format} placeholder={PATTERN} onCommit={onChange} />}
    </div>
  );
}
