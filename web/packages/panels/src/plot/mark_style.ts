// How annotations are drawn, by the panel's options.
import { flag, number, record, type AnyRecord } from '@narthex/dashmodel/json';

export interface MarkStyle {
  linePx: number;
  /** Of a band, from 0 to 1. */
  bandOpacity: number;
  /** A lane below the axis for each annotation of the dashboard. */
  hasLanes: boolean;
  /** What stands close together is drawn as one. */
  isClustered: boolean;
}

export const PLAIN_MARKS: MarkStyle = { linePx: 1, bandOpacity: 0.1, hasLanes: false, isClustered: false };

export function readMarkStyle(options: AnyRecord): MarkStyle {
  const { lines, regions, multiLane, clustering } = record(options['annotations']);
  const width = number(record(lines)['width']);
  const opacity = number(record(regions)['opacity']);
  return {
    linePx: width === undefined ? PLAIN_MARKS.linePx : Math.max(0, width),
    bandOpacity: opacity === undefined ? PLAIN_MARKS.bandOpacity : Math.min(1, Math.max(0, opacity > 1 ? opacity / 100 : opacity)),
    hasLanes: flag(multiLane),
    isClustered: (number(clustering) ?? 0) > 0,
  };
}
