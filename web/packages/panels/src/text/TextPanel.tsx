// Markdown or HTML written by the author of the dashboard; both are sanitised.
import { text } from '@narthex/dashmodel/json';
import { useMemo } from 'react';

import type { PanelProps } from '../props';
import { markupOfHtml, markupOfMarkdown } from './markup';

export default function TextPanel({ options, interpolate, height }: PanelProps) {
  const mode = text(options['mode'], 'markdown');
  // Markup is the author's; the value of a variable may come from anybody who made a link.
  const content = interpolate(text(options['content']), mode === 'code' ? undefined : 'html');
  const html = useMemo(() => {
    if (mode === 'html') return markupOfHtml(content);
    return mode === 'markdown' ? markupOfMarkdown(content) : '';
  }, [content, mode]);
  if (mode === 'code') {
    return (
      <pre style={{ height, overflow: 'auto', margin: 0 }}>
        <code>{content}</code>
      </pre>
    );
  }
  // The text has passed the sanitiser of @grafana/data on both ways above (markup.ts).
  return <div className="markdown-html" style={{ height, overflow: 'auto' }} dangerouslySetInnerHTML={{ __html: html }} />;
}
