// Markdown or HTML written by the author of the dashboard; both are sanitised.
import { flag, record, text } from '@narthex/dashmodel/json';
import { lazy, Suspense, useMemo } from 'react';

import type { PanelProps } from '../props';
import { markupOfHtml, markupOfMarkdown } from './markup';

const CodeText = lazy(() => import('./CodeText'));

export default function TextPanel({ options, interpolate, height }: PanelProps) {
  const mode = text(options['mode'], 'markdown');
  // Markup is the author's; the value of a variable may come from anybody who made a link.
  const content = interpolate(text(options['content']), mode === 'code' ? undefined : 'html');
  const html = useMemo(() => {
    if (mode === 'html') return markupOfHtml(content);
    return mode === 'markdown' ? markupOfMarkdown(content) : '';
  }, [content, mode]);
  const code = record(options['code']);
  if (mode === 'code') {
    return (
      <Suspense fallback={<pre style={{ height, overflow: 'auto', margin: 0 }}>{content}</pre>}>
        <CodeText content={content} language={text(code['language'], 'plaintext')} hasLineNumbers={flag(code['showLineNumbers'])} height={height} />
      </Suspense>
    );
  }
  // The text has passed the sanitiser of @grafana/data on both ways above (markup.ts).
  return <div className="markdown-html" style={{ height, overflow: 'auto' }} dangerouslySetInnerHTML={{ __html: html }} />;
}
