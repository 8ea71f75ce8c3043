// What the heading of a panel says where its time is not the page's. Pure.
import { rangeUtil } from '@grafana/data';
import type { Panel } from '@narthex/dashmodel';

type Timed = Pick<Panel, 'timeFrom' | 'timeShift' | 'timeCompare' | 'hideTimeOverride'>;

/** "Last 1 hour, timeshift -1d"; empty for the page's own range, and where the panel is not to say it. */
export function timeNote({ timeFrom, timeShift, hideTimeOverride }: Timed, isRelative: boolean, write: (text: string) => string): string {
  // Of a range between two instants none of it holds.
  if (hideTimeOverride || !isRelative) return '';
  const own = write(timeFrom).trim();
  const shift = write(timeShift).trim();
  const range = own === '' ? '' : rangeUtil.describeTextRange(own).display;
  return [range, shift === '' ? '' : `timeshift -${shift}`].filter((part) => part !== '').join(', ');
}
