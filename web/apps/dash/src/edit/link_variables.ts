// The names that an address or a title of a link may hold, and how one is completed while it is typed. Pure.
// Source: Grafana's documentation, "Data link variables".
import type { Facts } from './facts';

export interface LinkVariable {
  /** As it is written. */
  text: string;
  meaning: string;
}

const isPlain = (name: string): boolean => /^\w+$/.test(name);

/** Of a link in the heading of a panel: what the page knows. */
export function pageVariables({ variables }: Pick<Facts, 'variables'>): LinkVariable[] {
  return [
    { text: '${__url_time_range}', meaning: 'The range of the page, as an address has it' },
    { text: '${__all_variables}', meaning: 'All variables, as an address has them' },
    { text: '${__from}', meaning: 'Begin of the range in milliseconds' },
    { text: '${__to}', meaning: 'End of the range in milliseconds' },
    { text: '${__dashboard.uid}', meaning: 'The dashboard' },
    ...variables.flatMap((name) => [
      { text: `\${${name}}`, meaning: 'Variable' },
      { text: `\${${name}:queryparam}`, meaning: 'Variable, as an address has it' },
    ]),
  ];
}

/** Of a link of a value: what is known of the value, before what the page knows. */
export function valueVariables(facts: Pick<Facts, 'names' | 'labels' | 'variables'>): LinkVariable[] {
  return [
    { text: '${__value.raw}', meaning: 'The value' },
    { text: '${__value.numeric}', meaning: 'The value as a number' },
    { text: '${__value.text}', meaning: 'The value as it is shown' },
    { text: '${__value.time}', meaning: 'When it was measured, in milliseconds' },
    { text: '${__field.name}', meaning: 'Name of the field' },
    { text: '${__field.labels}', meaning: 'Labels of the field' },
    ...facts.labels.map((label) => ({ text: isPlain(label) ? `\${__field.labels.${label}}` : `\${__field.labels["${label}"]}`, meaning: 'Label of the field' })),
    { text: '${__series.name}', meaning: 'Name of the series' },
    ...facts.names.map((name) => ({ text: isPlain(name) ? `\${__data.fields.${name}}` : `\${__data.fields["${name}"]}`, meaning: 'Of the same row' })),
    ...pageVariables(facts),
  ];
}

/** The beginning of a name that ends where the caret stands; undefined where none does. */
export function begunAt(text: string, caret: number): { from: number; word: string } | undefined {
  const begun = /\$\{?[\w.:"[\]]*$/.exec(text.slice(0, caret));
  return begun ? { from: begun.index, word: begun[0].replace(/^\$\{?/, '') } : undefined;
}

export function offered(variables: readonly LinkVariable[], word: string): LinkVariable[] {
  const wanted = word.toLowerCase();
  return variables.filter(({ text }) => text.toLowerCase().includes(wanted));
}

/** The text with the begun name replaced by the chosen one, and where the caret stands then. */
export function completed(text: string, caret: number, chosen: string): { text: string; caret: number } {
  const from = begunAt(text, caret)?.from ?? caret;
  const rest = text.slice(caret).replace(/^\}/, '');
  return { text: text.slice(0, from) + chosen + rest, caret: from + chosen.length };
}
