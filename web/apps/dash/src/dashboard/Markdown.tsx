// Text of a person as markup.
import { markupOfMarkdown } from '@narthex/panels/markup';
import { useMemo } from 'react';

export function Markdown({ text }: { text: string }) {
  const markup = useMemo(() => markupOfMarkdown(text), [text]);
  return <div className="panel-info-content markdown-html" dangerouslySetInnerHTML={{ __html: markup }} />;
}
