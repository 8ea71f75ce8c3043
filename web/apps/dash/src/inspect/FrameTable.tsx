// One frame as a plain table, as far as a person reads it.
import { formattedValueToString, getFieldDisplayName, type DataFrame } from '@grafana/data';

const ROWS_MAX = 200;
const COLUMNS_MAX = 100;

interface FrameTableProps {
  frame: DataFrame;
  all: DataFrame[];
  /** Of which table it is, for whoever does not see its place. */
  label?: string;
  rowCountMax?: number;
  /** Where the rows and columns are that have no room here. */
  rest?: string;
}

export function FrameTable({ frame, all, label = 'Data', rowCountMax = ROWS_MAX, rest = '' }: FrameTableProps) {
  const rowCount = Math.min(rowCountMax, frame.length);
  const fields = frame.fields.slice(0, COLUMNS_MAX);
  const left = [
    ...(frame.length > rowCount ? [`${frame.length - rowCount} more rows`] : []),
    ...(frame.fields.length > fields.length ? [`${frame.fields.length - fields.length} more columns`] : []),
  ];
  return (
    <>
      <div className="inspect-table" role="region" aria-label={label}>
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
      {left.length > 0 && <p>{left.join(' and ')}{rest}.</p>}
    </>
  );
}

export function frameName(frame: DataFrame, index: number, all: DataFrame[]): string {
  const value = frame.fields.find(({ type }) => type !== 'time');
  const name = frame.name ?? (value && frame.fields.length === 2 ? getFieldDisplayName(value, frame, all) : '');
  return `${name || frame.refId || 'Frame'} (${index})`;
}
