// The settings of a dashboard as a whole, and of its links. Source: spec grafana.md, DASH-1 and NAV-1.
import type { AnyRecord } from '@narthex/dashmodel';

import { zoneChoices } from '../manage/zones';
import { lengthOrNoneProblem, refreshProblem, timeProblem } from './checks';
import type { OptionSpec } from './form';

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'].map((name, index) => [String(index), name] as const);

export const GENERAL: readonly OptionSpec[] = [
  { path: 'title', label: 'Title', kind: 'text' },
  { path: 'description', label: 'Description', kind: 'lines' },
  { path: 'tags', label: 'Tags', kind: 'tags', fallback: [] },
  { path: 'editable', label: 'Editable', kind: 'switch', fallback: true, hint: 'Off: to be looked at, until somebody makes it editable' },
  { path: 'graphTooltip', label: 'Cursor', kind: 'choice', choices: [['0', 'Each panel on its own'], ['1', 'Shared crosshair'], ['2', 'Shared tooltip']], isNumeric: true, fallback: '0' },
];

export const TIME: readonly OptionSpec[] = [
  { path: 'timezone', label: 'Time zone', kind: 'choice', choices: zoneChoices(), fallback: '' },
  { path: 'weekStart', label: 'Week starts on', kind: 'choice', choices: [['', 'Default'], ['saturday', 'Saturday'], ['sunday', 'Sunday'], ['monday', 'Monday']], fallback: '' },
  { path: 'fiscalYearStartMonth', label: 'Fiscal year starts in', kind: 'choice', choices: MONTHS, isNumeric: true, fallback: '0' },
  { path: 'time.from', label: 'From', kind: 'text', check: timeProblem, fallback: 'now-6h' },
  { path: 'time.to', label: 'To', kind: 'text', check: timeProblem, fallback: 'now' },
  { path: 'refresh', label: 'Refresh', kind: 'text', check: refreshProblem, hint: 'Such as 30s, or auto; empty for off' },
  { path: 'timepicker.refresh_intervals', label: 'Refresh intervals to choose from', kind: 'tags', hint: 'Empty for the usual ones' },
  { path: 'timepicker.nowDelay', label: 'Now delay', kind: 'text', check: lengthOrNoneProblem, hint: 'Such as 1m: ranges up to now end so long before it' },
  { path: 'timepicker.hidden', label: 'Hide the time picker', kind: 'switch' },
  { path: 'timepicker.quick_ranges', label: 'Quick ranges (JSON list)', kind: 'json', hint: '[{"display": "This shift", "from": "now-8h", "to": "now"}]; empty for the usual ones' },
];

const ICONS = ['external link', 'dashboard', 'question', 'info', 'bolt', 'doc', 'cloud'].map((name) => [name, name.slice(0, 1).toUpperCase() + name.slice(1)] as const);
const LINK_HEAD: readonly OptionSpec[] = [
  { path: 'title', label: 'Title', kind: 'text' },
  { path: 'type', label: 'Type', kind: 'choice', choices: [['link', 'Link'], ['dashboards', 'Dashboards']], fallback: 'link' },
];
const TO_ADDRESS: readonly OptionSpec[] = [
  { path: 'url', label: 'Address', kind: 'text' },
  { path: 'icon', label: 'Icon', kind: 'choice', choices: ICONS, fallback: 'external link' },
];
const TO_DASHBOARDS: readonly OptionSpec[] = [
  { path: 'tags', label: 'With tags', kind: 'tags', fallback: [] },
  { path: 'asDropdown', label: 'As a menu', kind: 'switch' },
];
const LINK_TAIL: readonly OptionSpec[] = [
  { path: 'tooltip', label: 'Tooltip', kind: 'text' },
  { path: 'keepTime', label: 'Carry the time range on', kind: 'switch' },
  { path: 'includeVars', label: 'Carry the variables on', kind: 'switch' },
  { path: 'targetBlank', label: 'New window', kind: 'switch' },
  { path: 'placement', label: 'Placement', kind: 'choice', choices: [['', 'Above the dashboard'], ['inControlsMenu', 'In the controls menu']], fallback: '' },
];

export const linkSpecs = (link: AnyRecord): OptionSpec[] => [...LINK_HEAD, ...(link['type'] === 'dashboards' ? TO_DASHBOARDS : TO_ADDRESS), ...LINK_TAIL];

/** What is not in the menu has no placement at all. */
export const settledLink = ({ placement, ...link }: AnyRecord): AnyRecord => (placement ? { ...link, placement } : link);
