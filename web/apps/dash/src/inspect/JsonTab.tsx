// The panel as JSON: as its dashboard holds it, as it was drawn, as it was answered.
import { dataFrameToJSON } from '@grafana/data';
import { findPanelJson, replacePanel, type Panel } from '@narthex/dashmodel';
import { isRecord } from '@narthex/dashmodel/json';
import type { PanelData } from '@narthex/runner';
import { Alert, Button, Combobox } from '@narthex/vizkit';
import { useState } from 'react';

import { useEditing } from '../edit/EditContext';
import { prettyJson } from '../components/pretty_json';
import { TakeAlong } from '../components/TakeAlong';

const KINDS = [
  { value: 'panel', label: 'Panel JSON', description: 'As the dashboard holds it' },
  { value: 'data', label: 'Panel data', description: 'State, range and frames, transformations applied' },
  { value: 'frames', label: 'Data frames', description: 'As the queries answered' },
] as const;

function PanelJson({ panel }: { panel: Panel }) {
  const { json, isEditing, change } = useEditing();
  const source = findPanelJson(json, panel.id) ?? {};
  const stored = JSON.stringify(source, null, 2);
  const [draft, setDraft] = useState<string>();
  const [fault, setFault] = useState('');
  // A copy of a repeat is its original; that is what is changed.
  if (!isEditing) return <TakeAlong content={stored} fileName="panel.json" label="Panel JSON" />;
  const apply = (): void => {
    try {
      const parsed: unknown = JSON.parse(draft ?? stored);
      if (!isRecord(parsed)) throw new Error('a panel is an object');
      setFault('');
      change(replacePanel(json, panel.id, parsed));
      setDraft(undefined);
    } catch (error) {
      setFault(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <>
      {fault !== '' && <Alert severity="error" title="This cannot be applied">{fault}</Alert>}
      <textarea className="json-area" aria-label="JSON of the panel" rows={24} spellCheck={false} value={draft ?? stored} onChange={(event) => setDraft(event.currentTarget.value)} />
      <div className="button-row">
        <Button disabled={draft === undefined || draft === stored} onClick={apply}>
          Apply
        </Button>
      </div>
    </>
  );
}

function panelData({ state, window, frames, error, notices, structureRev }: PanelData): unknown {
  return { state, ...(window ? { timeRange: { from: new Date(window.fromMs).toISOString(), to: new Date(window.toMs).toISOString() } } : {}), structureRev, ...(error ? { error } : {}), notices, series: frames.map((frame) => dataFrameToJSON(frame)) };
}

export function JsonTab({ panel, data }: { panel: Panel; data: PanelData }) {
  const [kind, setKind] = useState<(typeof KINDS)[number]['value']>('panel');
  return (
    <>
      <div className="button-row">
        <Combobox aria-label="What to show" options={[...KINDS]} value={kind} onChange={({ value }) => setKind(value)} width={30} />
      </div>
      {kind === 'panel' && <PanelJson panel={panel} />}
      {kind === 'data' && <TakeAlong content={prettyJson(panelData(data))} fileName="panel_data.json" label="Panel data" />}
      {kind === 'frames' && <TakeAlong content={prettyJson(data.queried.map((frame) => dataFrameToJSON(frame)))} fileName="data_frames.json" label="Data frames" />}
    </>
  );
}
