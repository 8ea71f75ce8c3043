// What a panel was given, as a table and as CSV: one frame after the other, or all series by time.
import { dateTimeFormat } from '@grafana/data';
import type { Panel } from '@narthex/dashmodel';
import { applyFieldConfig, bareFrames, csvOf, joinedByTime } from '@narthex/frames';
import type { PanelPlugin } from '@narthex/panels';
import type { PanelData } from '@narthex/runner';
import { Button, Combobox, download } from '@narthex/vizkit';
import { useMemo, useState } from 'react';

import { LabelledSwitch } from '../components/LabelledSwitch';
import { useFieldConfig } from '../dashboard/useFrames';
import { frameName, FrameTable } from './FrameTable';

const JOINED = 'joined';

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
  const options = frames.shown.map((frame, index) => (index === 0 && frames.hasJoined ? { value: JOINED, label: 'Series joined by time' } : { value: String(index), label: frameName(frame, frames.hasJoined ? index - 1 : index, frames.shown) }));
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
      {frame ? <FrameTable frame={frame} all={frames.shown} rest=" in the file" /> : <p>No data</p>}
    </>
  );
}
