import type { DataFrame, ScopedVars, TimeRange } from '@grafana/data';
import type { AnyRecord } from '@narthex/dashmodel';
import type { TimeWindow } from '@narthex/timeutil';

/** Something that happened, as the panels mark it on their time axes. */
export interface PanelMark {
  /** Of one that a person made; undefined for what a query found. */
  id?: number;
  fromMs: number;
  toMs: number;
  title: string;
  text: string;
  tags: readonly string[];
  color: string;
  /** Of the annotation that it comes from. */
  lane?: string;
}

/** One observation behind a series. */
export interface PanelExemplar {
  timeMs: number;
  value: number;
  labels: Readonly<Record<string, string>>;
  /** Where traces of it are shown. */
  traces: ReadonlyArray<{ title: string; url: string }>;
}

/** What every panel is given. Frames already carry the field configuration, overrides included. */
export interface PanelProps {
  id: number;
  title: string;
  options: AnyRecord;
  frames: DataFrame[];
  /** Differs from the last one when fields or their configuration differ, not when only values do. */
  structureRev: number;
  /** The range the frames were asked for. */
  timeRange: TimeRange;
  timeZone: string;
  width: number;
  height: number;
  /** 0 nothing, 1 the cursor, 2 cursor and tooltip are shared with the other panels. */
  cursorSync: number;
  marks: readonly PanelMark[];
  exemplars: readonly PanelExemplar[];
  /** 'html': what variables stand for is escaped. `scoped` holds names that only the value at hand has. */
  interpolate: (text: string, format?: 'html', scoped?: ScopedVars) => string;
  onZoom: (window: TimeWindow) => void;
  /** Marks an instant or a span, or changes a mark that has an id; undefined where the person may not. */
  onAnnotate?: (mark: Pick<PanelMark, 'fromMs' | 'toMs'> & Partial<PanelMark>) => void;
}
