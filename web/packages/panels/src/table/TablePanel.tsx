// Rows and columns of one frame; several frames are chosen between below the table.
import { getFrameDisplayName, type DataFrame, type Field } from '@grafana/data';
import { flag, number, record, records, text, type AnyRecord } from '@narthex/dashmodel/json';
import { Combobox, usePanelContext } from '@narthex/vizkit';
import { TableCellHeight, TableNG } from '@narthex/vizkit/table';
import { useCallback, useMemo, useState, type ComponentProps } from 'react';

import { actionsAt } from '../actions/models';
import { choice } from '../options';
import type { PanelProps } from '../props';
import { footerOf, forTable } from './prepare';

const CHOOSER_HEIGHT_PX = 40;

type Layout = Pick<ComponentProps<typeof TableNG>, 'noHeader' | 'showTypeIcons' | 'cellHeight' | 'maxRowHeight' | 'frozenColumns' | 'enablePagination' | 'pageSize' | 'disableKeyboardEvents' | 'sortBy'>;

/** Source: @grafana/schema 13.2.2, TableOptions. */
export function readTable(options: AnyRecord): Layout {
  const maxRowHeight = number(options['maxRowHeight']);
  const pageSize = number(options['pageSize']);
  return {
    noHeader: !flag(options['showHeader'], true),
    showTypeIcons: flag(options['showTypeIcons']),
    cellHeight: choice(TableCellHeight, options['cellHeight'], TableCellHeight.Sm),
    ...(maxRowHeight !== undefined && maxRowHeight > 0 ? { maxRowHeight } : {}),
    frozenColumns: Math.max(0, number(record(options['frozenColumns'])['left'], 0)),
    enablePagination: flag(options['enablePagination']),
    ...(pageSize !== undefined && pageSize >= 1 ? { pageSize: Math.floor(pageSize) } : {}),
    disableKeyboardEvents: flag(options['disableKeyboardEvents']),
    sortBy: records(options['sortBy']).map((by) => ({ displayName: text(by['displayName']), desc: flag(by['desc']) })),
  };
}

export default function TablePanel({ frames, options, width, height, structureRev, timeRange, interpolate }: PanelProps) {
  const [index, setIndex] = useState(number(options['frameIndex'], 0));
  const { onAddAdHocFilter } = usePanelContext();
  const chosen = frames[index] ?? frames[0];
  const frame = useMemo(() => chosen && forTable(chosen, frames, footerOf(options)), [chosen, frames, options]);
  const layout = useMemo(() => readTable(options), [options]);
  const getActions = useCallback((data: DataFrame, field: Field, rowIndex: number) => actionsAt({ config: field.config, frame: data, field, rowIndex }, interpolate), [interpolate]);
  if (!frame) return null;
  const hasChooser = frames.length > 1;
  const tableHeight = height - (hasChooser ? CHOOSER_HEIGHT_PX : 0);
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
          {...layout}
          getActions={getActions}
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
