// What a line carries beside its message: each label by itself, with what makes a filter or a displayed field of it.
import { Button, IconButton, usePanelContext } from '@narthex/vizkit';
import { Fragment } from 'react';

import type { LogLine } from './lines';

export interface DetailsProps {
  line: LogLine;
  displayed: readonly string[];
  onToggleField: (name: string) => void;
}

const copyText = (text: string): void => void navigator.clipboard?.writeText(text).catch(() => undefined);

function Entry({ name, value, isDisplayed, onToggleField, mayFilter }: { name: string; value: string; isDisplayed: boolean; onToggleField: (name: string) => void; mayFilter: boolean }) {
  const { onAddAdHocFilter } = usePanelContext();
  return (
    <Fragment>
      <dt style={{ color: 'var(--text-secondary)', whiteSpace: 'nowrap' }}>
        {mayFilter && onAddAdHocFilter && (
          <>
            <IconButton name="search-plus" size="sm" tooltip={`Only ${name}=${value}`} onClick={() => onAddAdHocFilter({ key: name, operator: '=', value })} />
            <IconButton name="search-minus" size="sm" tooltip={`Without ${name}=${value}`} onClick={() => onAddAdHocFilter({ key: name, operator: '!=', value })} />
          </>
        )}
        <IconButton name="eye" size="sm" variant={isDisplayed ? 'primary' : 'secondary'} aria-pressed={isDisplayed} tooltip={isDisplayed ? `Hide ${name} in the lines` : `Show ${name} in the lines`} onClick={() => onToggleField(name)} /> {name}
      </dt>
      <dd style={{ margin: 0, overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>{value}</dd>
    </Fragment>
  );
}

export function Details({ line, displayed, onToggleField }: DetailsProps) {
  const groups = [
    { name: 'Labels', entries: Object.entries(line.labels), mayFilter: true },
    { name: 'Fields', entries: Object.entries(line.fields), mayFilter: false },
  ].filter(({ entries }) => entries.length > 0);
  return (
    <div style={{ margin: '2px 0 6px' }}>
      {groups.map(({ name, entries, mayFilter }) => (
        <section key={name} aria-label={name}>
          {groups.length > 1 && <strong>{name}</strong>}
          <dl style={{ margin: '2px 0', display: 'grid', gridTemplateColumns: 'max-content 1fr', gap: '0 12px' }}>
            {entries.map(([key, value]) => (
              <Entry key={key} name={key} value={value} isDisplayed={displayed.includes(key)} onToggleField={onToggleField} mayFilter={mayFilter} />
            ))}
          </dl>
        </section>
      ))}
      <Button size="sm" fill="text" variant="secondary" icon="copy" onClick={() => copyText(line.text)}>
        Copy line
      </Button>
    </div>
  );
}
