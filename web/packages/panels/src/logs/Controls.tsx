// What a person may change of a log without changing the panel.
import type { AnyRecord } from '@narthex/dashmodel/json';
import { Button, download, Dropdown, FilterInput, IconButton, Menu, ToolbarButton, type IconName } from '@narthex/vizkit';
import { useState } from 'react';

import { exported, MIME_TYPES, type ExportFormat } from './export_lines';
import type { LogLine } from './lines';
import { DEDUPS, type LogsOptions } from './options';

interface SearchProps {
  wanted: string;
  onSearch: (wanted: string) => void;
  foundCount: number;
  lineCount: number;
  onClose?: () => void;
}

/** A field that takes its room only where one is looking for something. */
export function FoldedSearch(props: SearchProps) {
  const [isOpen, setIsOpen] = useState(false);
  if (!isOpen && props.wanted === '') {
    return (
      <div style={{ position: 'absolute', right: 12, top: 0, zIndex: 1, background: 'var(--background-primary, inherit)', borderRadius: 4, padding: 2 }}>
        <IconButton name="search" tooltip="Search in the lines" onClick={() => setIsOpen(true)} />
      </div>
    );
  }
  return <Search {...props} onClose={() => (props.onSearch(''), setIsOpen(false))} />;
}

export function Search({ wanted, onSearch, foundCount, lineCount, onClose }: SearchProps) {
  return (
    <div style={{ display: 'flex', gap: 8, alignItems: 'center' }}>
      <FilterInput placeholder="Search in the lines" aria-label="Search in the lines" value={wanted} onChange={onSearch} width={24} />
      {wanted !== '' && <span role="status" style={{ whiteSpace: 'nowrap', color: 'var(--text-secondary)' }}>{`${foundCount} of ${lineCount}`}</span>}
      {onClose && <IconButton name="times" tooltip="Close search" onClick={onClose} />}
    </div>
  );
}

interface ControlsProps {
  options: LogsOptions;
  /** Changes options as the panel writes them. */
  onChoose: (chosen: AnyRecord) => void;
  lines: readonly LogLine[];
  title: string;
}

const DEDUP_NAMES: Readonly<Record<LogsOptions['dedup'], string>> = { none: 'All lines', exact: 'Merge equal lines', numbers: 'Merge lines equal but for numbers', signature: 'Merge lines of one form' };
const FORMATS: ReadonlyArray<readonly [ExportFormat, string]> = [['txt', 'Text'], ['json', 'JSON'], ['csv', 'CSV']];

function DedupMenu({ onChoose }: Pick<ControlsProps, 'onChoose'>) {
  return (
    <Menu>
      {Object.values(DEDUPS).map((dedup) => (
        <Menu.Item key={dedup} label={DEDUP_NAMES[dedup]} onClick={() => onChoose({ dedupStrategy: dedup })} />
      ))}
    </Menu>
  );
}

function DownloadMenu({ lines, title }: Pick<ControlsProps, 'lines' | 'title'>) {
  return (
    <Menu>
      {FORMATS.map(([format, name]) => (
        <Menu.Item key={format} label={name} onClick={() => download(`${title || 'logs'}.${format}`, exported(lines, format), MIME_TYPES[format])} />
      ))}
    </Menu>
  );
}

export function Controls({ options, onChoose, lines, title }: ControlsProps) {
  const turns: ReadonlyArray<readonly [icon: IconName, tooltip: string, isOn: boolean, option: string]> = [
    ['clock-nine', 'Time', options.hasTime, 'showTime'],
    ['signal', 'Level', options.hasLevel, 'showLevel'],
    ['key-skeleton-alt', 'Unique labels', options.hasLabels, 'showLabels'],
    ['wrap-text', 'Wrap lines', options.isWrapped, 'wrapLogMessage'],
    ['brackets-curly', 'Indent JSON', options.isPretty, 'prettifyLogMessage'],
    ['bolt', 'Colours', options.isHighlighted, 'syntaxHighlighting'],
  ];
  const isAscending = options.order === 'asc';
  return (
    <div role="toolbar" aria-label="Log controls" style={{ display: 'flex', gap: 2, flexWrap: 'wrap', alignItems: 'center' }}>
      <ToolbarButton icon={isAscending ? 'sort-amount-up' : 'sort-amount-down'} tooltip={isAscending ? 'Oldest first' : 'Newest first'} onClick={() => onChoose({ sortOrder: isAscending ? 'Descending' : 'Ascending' })} />
      <Dropdown overlay={<DedupMenu onChoose={onChoose} />}>
        <ToolbarButton icon="filter" tooltip={DEDUP_NAMES[options.dedup]} variant={options.dedup === 'none' ? 'default' : 'active'} />
      </Dropdown>
      {turns.map(([icon, tooltip, isOn, option]) => (
        <ToolbarButton key={option} icon={icon} tooltip={tooltip} aria-pressed={isOn} variant={isOn ? 'active' : 'default'} onClick={() => onChoose({ [option]: !isOn })} />
      ))}
      <ToolbarButton tooltip={options.isSmall ? 'Larger letters' : 'Smaller letters'} variant={options.isSmall ? 'active' : 'default'} onClick={() => onChoose({ fontSize: options.isSmall ? 'default' : 'small' })}>
        aA
      </ToolbarButton>
      {options.mayDownload && (
        <Dropdown overlay={<DownloadMenu lines={lines} title={title} />}>
          <ToolbarButton icon="download-alt" tooltip="Download" />
        </Dropdown>
      )}
      {options.displayedFields.length > 0 && (
        <Button size="sm" fill="text" variant="secondary" onClick={() => onChoose({ displayedFields: [] })}>
          Show original lines
        </Button>
      )}
    </div>
  );
}
