// What a panel was given, as a table and as CSV: one frame after the other, or all series by time.
import { dateTimeFormat, formattedValueToString, getFieldDisplayName, type DataFrame } from '@grafana/data';
import type { Panel } from '@narthex/dashmodel';
import { applyFieldConfig, bareFrames, csvOf, joinedByTime } from '@narthex/frames';
import type { PanelPlugin } from '@narthex/panels';
import type { PanelData } from '@narthex/runner';
import { Button, Combobox, download } from '@narthex/vizkit';
import { useMemo, useState } from 'react';

import { LabelledSwitch } from '../components/LabelledSwitch';
import { useFieldConfig } from '../dashboard/useFrames';

const ROWS_MAX = 200;
const COLUMNS_MAX = 100;
const JOINED = 'joined';

function FrameTable({ frame, all }: { frame: DataFrame; all: DataFrame[] }) {
  const rowCount = Math.min(ROWS_MAX, frame.length);
  const fields = frame.fields.slice(0, COLUMNS_MAX);
  const left = [
    ...(frame.length > rowCount ? [`${frame.length - rowCount} more rows`] : []),
    ...(frame.fields.length > fields.length ? [`${frame.fields.length - fields.length} more columns`] : []),
  ];
  return (
    <>
      <div className="inspect-table" role="region" aria-label="Data">
        <table className="plain-table">
          <thead>
            <tr>
              {fields.map((field, index) => (
                <th key={index}>{getFieldDisplayName(field, frame, all)}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {Array.from({ length: rowCount }, (_, row) => (
              <tr key={row}>
                {fields.map(({ values, display }, index) => {
                  const value: unknown = values[row];
                  return <td key={index}>{value === null || value === undefined ? '' : display ? formattedValueToString(display(value)) : String(value)}</td>;
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {left.length > 0 && <p>{left.join(' and ')} in the file.</p>}
    </>
  );
}

function nameOf(frame: DataFrame, index: number, all: DataFrame[]): string {
  const value = frame.fields.find(({ type }) => type !== 'time');
  const name = frame.name ?? (value && frame.fields.length === 2 ? getFieldDisplayName(value, frame, all) : '');
  return `${name || frame.refId || 'Frame'} (${index})`;
}

export function DataTab({ panel, plugin, data, title }: { panel: Panel; plugin: PanelPlugin | undefined; data: PanelData; title: string }) {
  const [isTransformed, setIsTransformed] = useState(true);
  const [isFormatted, setIsFormatted] = useState(true);
  const [isForExcel, setIsForExcel] = useState(false);
  const [chosen, setChosen] = useState<string>();
  const config = useFieldConfig(plugin, panel);
  const frames = useMemo(() => {
    const taken = isTransformed ? data.frames : data.queried;
    const shown = applyFieldConfig({ frames: taken, ...config });
    const joined = joinedByTime(shown);
    const all = joined ? [joined, ...shown] : shown;
    return { shown: isFormatted ? all : bareFrames(all), hasJoined: joined !== undefined };
  }, [data, config, isTransformed, isFormatted]);
  const options = frames.shown.map((frame, index) => (index === 0 && frames.hasJoined ? { value: JOINED, label: 'Series joined by time' } : { value: String(index), label: nameOf(frame, frames.hasJoined ? index - 1 : index, frames.shown) }));
  const at = Math.max(0, options.findIndex(({ value }) => value === chosen));
  const frame = frames.shown[at];
  const save = (): void => {
    if (frame) download(`${title || 'panel'}-data-${dateTimeFormat(Date.now(), { format: 'YYYY-MM-DD HH_mm_ss' })}.csv`, csvOf([frame], isForExcel), 'text/csv;charset=utf-8');
  };
  return (
    <>
      <div className="button-row">
        {options.length > 1 && <Combobox aria-label="Frame" options={options} value={options[at]?.value ?? null} onChange={({ value }) => setChosen(value)} width={40} />}
        {panel.transformations.length > 0 && <LabelledSwitch label="Transformations" value={isTransformed} onChange={setIsTransformed} />}
        <LabelledSwitch label="Formatted" value={isFormatted} onChange={setIsFormatted} />
        <LabelledSwitch label="For Excel" value={isForExcel} onChange={setIsForExcel} />
        <Button size="sm" icon="download-alt" disabled={!frame} onClick={save}>
          Download CSV
        </Button>
      </div>
      {frame ? <FrameTable frame={frame} all={frames.shown} /> : <p>No data</p>}
    </>
  );
}
