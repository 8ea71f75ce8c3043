// How much came and how long it took.
import type { PanelData } from '@narthex/runner';

const inMs = (ms: number | undefined): string => (ms === undefined ? '' : `${Math.round(ms)} ms`);

export function StatsTab({ data }: { data: PanelData }) {
  const { frames, took, window } = data;
  const all: ReadonlyArray<readonly [string, string]> = [
    ['State', data.state],
    ['Total request time', inMs(took?.requestMs)],
    ['Data processing time', inMs(took?.processingMs)],
    ['Number of queries', took ? String(took.queryCount) : ''],
    ['Series', String(frames.length)],
    ['Total number rows', String(frames.reduce((sum, { length }) => sum + length, 0))],
    ['From', window ? new Date(window.fromMs).toISOString() : ''],
    ['To', window ? new Date(window.toMs).toISOString() : ''],
  ];
  return (
    <table className="plain-table" aria-label="Stats">
      <tbody>
        {all.map(([name, value]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
