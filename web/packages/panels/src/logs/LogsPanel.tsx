// Lines of a log, newest first unless asked otherwise.
import type { AnyRecord } from '@narthex/dashmodel/json';
import { text } from '@narthex/dashmodel/json';
import { Checkbox, IconButton } from '@narthex/vizkit';
import { useMemo, useState } from 'react';

import type { PanelProps } from '../props';
import { columnsOf } from './columns';
import { Controls, FoldedSearch, Search } from './Controls';
import { Details } from './Details';
import { Line, labelsText } from './Line';
import { LineList } from './LineList';
import { commonLabels, fieldNames, logLines, searched, type LogLine } from './lines';
import { chosenFrom, readLogs } from './options';

const SIDEBAR_MIN_PX = 600;

/** What the person chose over the panel's options; kept in the browser where the panel names a key for it. */
function useChosen(options: AnyRecord): [AnyRecord, (more: AnyRecord) => void] {
  const key = text(options['controlsStorageKey']);
  const place = key === '' ? undefined : `narthex.logs.${key}`;
  const [chosen, setChosen] = useState<AnyRecord>(() => (place ? chosenFrom(localStorage.getItem(place)) : {}));
  const choose = (more: AnyRecord): void => {
    const next = { ...chosen, ...more };
    setChosen(next);
    if (place) localStorage.setItem(place, JSON.stringify(next));
  };
  return [chosen, choose];
}

interface ChooserProps {
  names: readonly string[];
  displayed: readonly string[];
  onToggleField: (name: string) => void;
}

function FieldSelector({ names, displayed, onToggleField }: ChooserProps) {
  return (
    <fieldset style={{ border: 0, margin: 0, padding: '0 8px 0 0', overflow: 'auto', flexShrink: 0, maxWidth: '30%' }}>
      <legend style={{ fontSize: 12, margin: 0 }}>Fields</legend>
      {names.map((name) => (
        <div key={name}>
          <Checkbox label={name} value={displayed.includes(name)} onChange={() => onToggleField(name)} />
        </div>
      ))}
    </fieldset>
  );
}

const keyOf = ({ timeMs, nanos, text: line }: LogLine): string => `${timeMs}.${nanos} ${line}`;

export default function LogsPanel({ frames, options: given, timeZone, width, height, title }: PanelProps) {
  const [chosen, choose] = useChosen(given);
  const options = useMemo(() => readLogs({ ...given, ...chosen }), [given, chosen]);
  const [wanted, setWanted] = useState('');
  const [openKeys, setOpenKeys] = useState<ReadonlySet<string>>(new Set());
  const all = useMemo(() => logLines(frames, options.order, options.dedup), [frames, options.order, options.dedup]);
  const lines = useMemo(() => searched(all, wanted), [all, wanted]);
  const common = useMemo(() => commonLabels(all), [all]);
  const columns = useMemo(() => columnsOf(lines, options), [lines, options]);
  if (all.length === 0) return <p role="status">The answer holds no log lines.</p>;

  const { displayedFields } = options;
  const toggleField = (name: string): void => choose({ displayedFields: displayedFields.includes(name) ? displayedFields.filter((one) => one !== name) : [...displayedFields, name] });
  const isSidebar = options.isSidebar && width >= SIDEBAR_MIN_PX;
  const toggle = (key: string): void => {
    const others = isSidebar ? [] : [...openKeys].filter((one) => one !== key);
    setOpenKeys(new Set(openKeys.has(key) ? others : [...others, key]));
  };
  const search = { wanted, onSearch: setWanted, foundCount: lines.length, lineCount: all.length };
  const opened = isSidebar ? lines.find((line) => openKeys.has(keyOf(line))) : undefined;
  return (
    <div style={{ position: 'relative', height, display: 'flex', flexDirection: 'column', gap: 4, fontSize: options.isSmall ? 11 : 12 }}>
      {!options.isInert && !options.hasControls && <FoldedSearch {...search} />}
      {options.hasControls && (
        <div style={{ display: 'flex', flexWrap: 'wrap', gap: 8, alignItems: 'center' }}>
          <Search {...search} />
          <Controls options={options} onChoose={choose} lines={lines} title={title} />
        </div>
      )}
      {options.hasCommonLabels && <div style={{ color: 'var(--text-secondary)' }}>Common labels: {labelsText(common) || 'none'}</div>}
      <div style={{ display: 'flex', flexGrow: 1, minHeight: 0 }}>
        {options.hasFieldSelector && <FieldSelector names={fieldNames(all)} displayed={displayedFields} onToggleField={toggleField} />}
        <LineList
          items={lines}
          resetKey={`${options.order} ${wanted}`}
          style={{ fontFamily: 'var(--font-monospace, monospace)' }}
          render={(line, index) => {
            const key = keyOf(line);
            const isOpen = openKeys.has(key);
            return (
              <li key={`${index}/${line.timeMs}`}>
                <Line line={line} options={options} columns={columns} common={common} lineCount={all.length} timeZone={timeZone} wanted={wanted} isOpen={isOpen} onToggle={() => toggle(key)} />
                {isOpen && !isSidebar && options.hasDetails && (
                  <div style={{ paddingLeft: 11 }}>
                    <Details line={line} displayed={displayedFields} onToggleField={toggleField} />
                  </div>
                )}
              </li>
            );
          }}
        />
        {opened && options.hasDetails && (
          <aside aria-label="Log details" style={{ width: '40%', flexShrink: 0, overflow: 'auto', borderLeft: '1px solid var(--border-weak)', paddingLeft: 8 }}>
            <IconButton name="times" tooltip="Close details" onClick={() => setOpenKeys(new Set())} />
            <Details line={opened} displayed={displayedFields} onToggleField={toggleField} />
          </aside>
        )}
      </div>
    </div>
  );
}
