// The options that every panel has: what stands above it, and how it is repeated.
import type { AnyRecord } from '@narthex/dashmodel';
import { text } from '@narthex/dashmodel/json';

import { spanProblem, stepProblem } from './checks';
import type { OptionSpec } from './option_spec';

const HEAD: readonly OptionSpec[] = [
  { path: 'title', label: 'Title', kind: 'text' },
  { path: 'description', label: 'Description', kind: 'lines', hint: 'Markdown, shown at the title' },
  { path: 'transparent', label: 'Transparent background', kind: 'switch' },
  { path: 'links', label: 'Panel links', kind: 'panelLinks' },
  { path: 'repeat', label: 'Repeat by variable', kind: 'variable' },
];
const REPEATED: readonly OptionSpec[] = [
  { path: 'repeatDirection', label: 'Repeat direction', kind: 'choice', choices: [['h', 'Horizontal'], ['v', 'Vertical']], fallback: 'h' },
];
const ACROSS: readonly OptionSpec[] = [{ path: 'maxPerRow', label: 'Max per row', kind: 'number', fallback: 4, min: 1, max: 12 }];

export function generalSpecs(panel: AnyRecord): OptionSpec[] {
  if (text(panel['repeat']) === '') return [...HEAD];
  return [...HEAD, ...REPEATED, ...(panel['repeatDirection'] === 'v' ? [] : ACROSS)];
}

/** How the data of a panel is asked for. */
export const QUERY_OPTIONS: readonly OptionSpec[] = [
  { path: 'maxDataPoints', label: 'Max data points', kind: 'number', hint: 'As many as the panel is wide, where none is set', min: 1 },
  { path: 'interval', label: 'Min interval', kind: 'text', check: stepProblem, hint: 'Such as 1m, or a variable' },
  { path: 'timeFrom', label: 'Relative time', kind: 'text', check: spanProblem, hint: 'Such as 1h, instead of the range of the page' },
  { path: 'timeShift', label: 'Time shift', kind: 'text', check: spanProblem, hint: 'Such as 1d: as it was then' },
  { path: 'hideTimeOverride', label: 'Hide time info', kind: 'switch', hint: 'That of the panel\'s own range and shift' },
  {
    path: 'timeCompare',
    label: 'Compare to',
    kind: 'choice',
    fallback: '',
    hint: 'Of time series: those of then, dashed',
    choices: [
      ['', 'Nothing'],
      ['__previousPeriod', 'The range before'],
      ['1d', 'A day ago'],
      ['1w', 'A week ago'],
      ['1M', 'A month ago'],
    ],
  },
];
