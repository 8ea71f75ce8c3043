// Rows and columns of one frame; several frames are chosen between below the table.
import { FieldType, getFieldDisplayName, getFrameDisplayName, type DataFrame, type Field } from '@grafana/data';
import { flag, number, record, records, text, texts, type AnyRecord } from '@narthex/dashmodel/json';
import { Combobox, usePanelContext } from '@narthex/vizkit';
import { TableCellHeight, TableNG } from '@narthex/vizkit/table';
import { useMemo, useState } from 'react';

import { choice } from '../options';
import type { PanelProps } from '../props';

const CHOOSER_HEIGHT_PX = 40;

interface Footer {
  reducers: string[];
  /** Which fields have one; all numeric ones for none named. */
  fields: string[];
}

/** A footer was an option of the panel before it was one of its fields. */
function footerOf(options: AnyRecord): Footer {
  const footer = record(options['footer']);
  const named = footer['fields'];
  if (!flag(footer['show'])) return { reducers: [], fields: [] };
  return { reducers: flag(footer['countRows']) ? ['count'] : texts(footer['reducer']), fields: typeof named === 'string' && named !== '' ? [named] : texts(named) };
}

function footerFor(field: Field, displayName: string, { reducers, fields }: Footer): AnyRecord {
  const isMeant = fields.length > 0 ? fields.includes(displayName) || fields.includes(field.name) : field.type === FieldType.number;
  return reducers.length > 0 && isMeant && !field.config.custom?.footer ? { footer: { reducers } } : {};
}

/** The table reads names from the field's state, hides by `hideFrom`, sums up by `footer`: all follow from the configuration. */
function forTable(frame: DataFrame, frames: DataFrame[], footer: Footer): DataFrame {
  const fields = frame.fields.map((field) => {
    const displayName = getFieldDisplayName(field, frame, frames);
    const hidden = field.config.custom?.hidden ? { hideFrom: { viz: true } } : {};
    const custom = { ...field.config.custom, ...footerFor(field, displayName, footer), ...hidden };
    return { ...field, config: { ...field.config, custom }, state: { ...field.state, displayName } };
  });
  return { ...frame, fields };
}

export default function TablePanel({ frames, options, width, height, structureRev, timeRange }: PanelProps) {
  const [index, setIndex] = useState(number(options['frameIndex'], 0));
  const { onAddAdHocFilter } = usePanelContext();
  const chosen = frames[index] ?? frames[0];
  const frame = useMemo(() => chosen && forTable(chosen, frames, footerOf(options)), [chosen, frames, options]);
  if (!frame) return null;
  const hasChooser = frames.length > 1;
  const tableHeight = height - (hasChooser ? CHOOSER_HEIGHT_PX : 0);
  const sortBy = records(options['sortBy']).map((by) => ({ displayName: text(by['displayName']), desc: flag(by['desc']) }));
  return (
    <>
      {/* The grid is as high as what it stands in. */}
      <div style={{ height: tableHeight }}>
        <TableNG
          data={frame}
          width={width}
          height={tableHeight}
          structureRev={structureRev}
          timeRange={timeRange}
          noHeader={!flag(options['showHeader'], true)}
          cellHeight={choice(TableCellHeight, options['cellHeight'], TableCellHeight.Sm)}
          sortBy={sortBy}
          frozenColumns={number(record(options['frozenColumns'])['left'], 0)}
          enablePagination={flag(options['enablePagination'])}
          enableVirtualization
          {...(onAddAdHocFilter ? { onCellFilterAdded: onAddAdHocFilter } : {})}
        />
      </div>
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
