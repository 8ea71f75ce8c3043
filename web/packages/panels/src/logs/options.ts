// What a logs panel is asked to show. Pure. Source: @grafana/schema 13.2.2, logs panelcfg.
import { flag, isRecord, texts, type AnyRecord } from '@narthex/dashmodel/json';

import { choice } from '../options';

export const DEDUPS = { none: 'none', exact: 'exact', numbers: 'numbers', signature: 'signature' } as const;
export type Dedup = keyof typeof DEDUPS;

/** Stands among the displayed fields for the message itself. */
export const BODY_FIELD = '___LOG_LINE_BODY___';

export interface LogsOptions {
  order: 'asc' | 'desc';
  dedup: Dedup;
  isWrapped: boolean;
  isPretty: boolean;
  isHighlighted: boolean;
  isSmall: boolean;
  hasTime: boolean;
  hasNanoseconds: boolean;
  hasLevel: boolean;
  hasLabels: boolean;
  hasCommonLabels: boolean;
  hasAttributes: boolean;
  hasDetails: boolean;
  /** Details stand beside the lines instead of below their own. */
  isSidebar: boolean;
  hasControls: boolean;
  hasFieldSelector: boolean;
  mayDownload: boolean;
  isInert: boolean;
  /** Fields of unwrapped lines stand in columns. */
  hasColumns: boolean;
  displayedFields: string[];
}

export function readLogs(options: AnyRecord): LogsOptions {
  const isInert = flag(options['noInteractions']);
  return {
    order: String(options['sortOrder']).toLowerCase() === 'ascending' ? 'asc' : 'desc',
    dedup: choice(DEDUPS, options['dedupStrategy'], 'none'),
    isWrapped: flag(options['wrapLogMessage']),
    isPretty: flag(options['prettifyLogMessage']),
    isHighlighted: flag(options['syntaxHighlighting']),
    isSmall: options['fontSize'] === 'small',
    hasTime: flag(options['showTime'], true),
    hasNanoseconds: options['timestampResolution'] === 'ns',
    hasLevel: flag(options['showLevel'], true),
    hasLabels: flag(options['showLabels']),
    hasCommonLabels: flag(options['showCommonLabels']),
    hasAttributes: flag(options['showLogAttributes']),
    hasDetails: flag(options['enableLogDetails'], true) && !isInert,
    isSidebar: options['detailsMode'] === 'sidebar',
    hasControls: flag(options['showControls']) && !isInert,
    hasFieldSelector: flag(options['showFieldSelector']) && !isInert,
    mayDownload: flag(options['allowDownload']),
    isInert,
    hasColumns: flag(options['unwrappedColumns']),
    displayedFields: texts(options['displayedFields']),
  };
}

/** What a person chose with the controls, over what the panel says; kept as the options are written. */
export function chosenFrom(stored: string | null): AnyRecord {
  if (stored === null) return {};
  try {
    const value: unknown = JSON.parse(stored);
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}
