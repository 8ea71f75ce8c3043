// Rows and columns of one frame; several frames are chosen between below the table.
import { getFieldDisplayName, getFrameDisplayName, type DataFrame } from '@grafana/data';
import { flag, records, text } from '@narthex/dashmodel/json';
import { Combobox } from '@narthex/vizkit';
import { TableCellHeight, TableNG } from '@narthex/vizkit/table';
import { useMemo, useState } from 'react';

import { choice } from '../options';
import type { PanelProps } from '../props';

const CHOOSER_HEIGHT_PX = 40;

/** The table reads names from the field's state and hides by `hideFrom`; both follow from the configuration. */
function forTable(frame: DataFrame, frames: DataFrame[]): DataFrame {
  const fields = frame.fields.map((field) => {
    const displayName = getFieldDisplayName(field, frame, frames);
    const custom = field.config.custom?.hidden
      ? { ...field.config.custom, hideFrom: { viz: true } }
      : field.config.custom;
    return { ...field, config: { ...field.config, custom }, state: { ...field.state, displayName } };
  });
  return { ...frame, fields };
}

export default function TablePanel({ frames, options, width, height, structureRev, timeRange }: PanelProps) {
  const [index, setIndex] = useState(0);
  const chosen = frames[index] ?? frames[0];
  const frame = useMemo(() => chosen && forTable(chosen, frames), [chosen, frames]);
  if (!frame) return null;
  const hasChooser = frames.length > 1;
  const tableHeight = height - (hasChooser ? CHOOSER_HEIGHT_PX : 0);
  const sortBy = records(options['sortBy']).map((by) => ({ displayName: text(by['displayName']), desc: flag(by['desc']) }));
  return (
    <>
      <TableNG
        data={frame}
        width={width}
        height={tableHeight}
        structureRev={structureRev}
        timeRange={timeRange}
        noHeader={!flag(options['showHeader'], true)}
        cellHeight={choice(TableCellHeight, options['cellHeight'], TableCellHeight.Sm)}
        sortBy={sortBy}
        enablePagination={flag(options['enablePagination'])}
        enableVirtualization
      />
      {hasChooser && (
        <div style={{ padding: '6px 8px 0' }}>
          <Combobox
            aria-label="Table"
            options={frames.map((one, at) => ({ value: at, label: getFrameDisplayName(one, at) }))}
            value={index}
            onChange={({ value }) => setIndex(value)}
          />
        </div>
      )}
    </>
  );
}
