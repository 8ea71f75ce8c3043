// The dashboard as a file: as it is, or with what belongs to this server asked for where it is imported.
import { exportForSharing, exportJson } from '@narthex/dashmodel';
import { text } from '@narthex/dashmodel/json';
import { Drawer } from '@narthex/vizkit';
import { useMemo, useState } from 'react';

import { useEscape } from '../components/useEscape';
import { LabelledSwitch } from '../components/LabelledSwitch';
import { TakeAlong } from '../components/TakeAlong';
import { useScope } from '../dashboard/scope';
import { useEditing } from '../edit/EditContext';

export function ExportDrawer({ onClose }: { onClose: () => void }) {
  useEscape(onClose);
  const { json } = useEditing();
  const { sources, library } = useScope();
  const [isForOthers, setIsForOthers] = useState(false);
  const content = useMemo(() => {
    const sourceOf = (uid: string) => sources.dataSources.find((source) => source.uid === uid);
    const shown = isForOthers ? exportForSharing(json, { sourceOf, version: sources.version, ...(library ? { library } : {}) }) : exportJson(json);
    return JSON.stringify(shown, null, 2);
  }, [json, sources, library, isForOthers]);
  return (
    <Drawer title="Export" subtitle="The dashboard as JSON, with the changes that are not saved yet." onClose={onClose} size="md">
      <LabelledSwitch label="Export for sharing externally" value={isForOthers} onChange={setIsForOthers} />
      <p>{isForOthers ? 'Data sources and constants are asked for where it is imported; library panels go along.' : 'For this server, or one with the same data sources.'}</p>
      <TakeAlong content={content} fileName={`${text(json['title'], 'dashboard')}.json`} label="Dashboard JSON" />
    </Drawer>
  );
}
