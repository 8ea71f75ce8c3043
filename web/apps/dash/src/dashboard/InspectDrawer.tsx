// What a panel was given: its data as a table to take along, its queries, its JSON.
import { formattedValueToString, getFieldDisplayName, toCSV, type DataFrame } from '@grafana/data';
import { findPanelJson, type Panel } from '@narthex/dashmodel';
import type { PanelData } from '@narthex/runner';
import { Button, Drawer, Tab, TabContent, TabsBar } from '@narthex/vizkit';
import { useState } from 'react';

import { download } from '../components/download';
import { useEscape } from '../components/useEscape';
import { useEditing } from '../edit/EditContext';

const ROWS_MAX = 200;
const TABS = ['Data', 'Stats', 'Query', 'JSON'] as const;

function FrameTable({ frame, frames }: { frame: DataFrame; frames: DataFrame[] }) {
  const count = Math.min(ROWS_MAX, frame.length);
  return (
    <div className="inspect-table">
      <table className="plain-table">
        <thead>
          <tr>
            {frame.fields.map((field, index) => (
              <th key={index}>{getFieldDisplayName(field, frame, frames)}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {Array.from({ length: count }, (_, row) => (
            <tr key={row}>
              {frame.fields.map((field, index) => {
                const value: unknown = field.values[row];
                const shown = field.display?.(value);
                return <td key={index}>{shown ? formattedValueToString(shown) : String(value ?? '')}</td>;
              })}
            </tr>
          ))}
        </tbody>
      </table>
      {frame.length > count && <p>{frame.length - count} more rows are in the download.</p>}
    </div>
  );
}

function Stats({ data }: { data: PanelData }) {
  const rows = data.frames.reduce((sum, { length }) => sum + length, 0);
  const { size } = new Set(data.frames.map(({ refId }) => refId));
  const all: ReadonlyArray<readonly [string, string]> = [
    ['State', data.state],
    ['Series', String(data.frames.length)],
    ['Rows', String(rows)],
    ['Queries answered', String(size)],
    ['From', data.window ? new Date(data.window.fromMs).toISOString() : ''],
    ['To', data.window ? new Date(data.window.toMs).toISOString() : ''],
  ];
  return (
    <table className="plain-table">
      <tbody>
        {all.map(([name, value]) => (
          <tr key={name}>
            <th>{name}</th>
            <td>{value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Queries({ panel, data }: { panel: Panel; data: PanelData }) {
  const executed = [...new Set(data.frames.map(({ meta }) => meta?.executedQueryString ?? '').filter((text) => text !== ''))];
  return (
    <>
      {data.error && <p role="alert">{data.error}</p>}
      <pre className="inspect-json">{executed.join('\n\n') || JSON.stringify(panel.targets, null, 2)}</pre>
    </>
  );
}

export function InspectDrawer({ panel, data, frames, title, onClose }: { panel: Panel; data: PanelData; frames: DataFrame[]; title: string; onClose: () => void }) {
  const { json } = useEditing();
  const [tab, setTab] = useState<(typeof TABS)[number]>('Data');
  const source = findPanelJson(json, panel.id);
  useEscape(onClose);
  return (
    <Drawer title={`Inspect: ${title || 'panel'}`} size="md" onClose={onClose}>
      <TabsBar>
        {TABS.map((name) => (
          <Tab key={name} label={name} active={name === tab} onChangeTab={() => setTab(name)} />
        ))}
      </TabsBar>
      <TabContent>
        {tab === 'Data' && (
          <>
            <div className="button-row">
              <Button size="sm" icon="download-alt" disabled={frames.length === 0} onClick={() => download(`${title || 'panel'}.csv`, toCSV(frames), 'text/csv')}>
                Download CSV
              </Button>
            </div>
            {frames.length === 0 && <p>No data</p>}
            {frames.slice(0, 20).map((frame, index) => (
              <FrameTable key={index} frame={frame} frames={frames} />
            ))}
          </>
        )}
        {tab === 'Stats' && <Stats data={data} />}
        {tab === 'Query' && <Queries panel={panel} data={data} />}
        {tab === 'JSON' && <pre className="inspect-json">{JSON.stringify(source ?? {}, null, 2)}</pre>}
      </TabContent>
    </Drawer>
  );
}
