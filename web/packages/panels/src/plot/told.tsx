// What the box at the cursor tells of an exemplar and of an annotation.
import { textUtil } from '@grafana/data';
import { IconButton } from '@narthex/vizkit';

import type { PanelExemplar, PanelMark } from '../props';

const APART = { padding: '4px 8px', borderTop: '1px solid var(--border-weak)' };

export function ExemplarText({ exemplar }: { exemplar: PanelExemplar }) {
  return (
    <div style={APART}>
      <strong>Exemplar</strong> {exemplar.value}{' '}
      {Object.entries(exemplar.labels)
        .map(([name, value]) => `${name}=${value}`)
        .join(' ')}{' '}
      {exemplar.traces.map(({ title, url }) => (
        <a key={`${title}/${url}`} href={textUtil.sanitizeUrl(url)} style={{ marginRight: 8 }}>
          {title}
        </a>
      ))}
    </div>
  );
}

export function MarkText({ mark, onEdit }: { mark: PanelMark; onEdit: (() => void) | undefined }) {
  return (
    <div style={APART}>
      <strong>{mark.title}</strong> {mark.text} {mark.tags.join(', ')}
      {onEdit && <IconButton name="pen" size="sm" tooltip="Edit annotation" onClick={onEdit} />}
    </div>
  );
}
