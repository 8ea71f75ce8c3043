// A text with the ways to take it along.
import { Button, download } from '@narthex/vizkit';
import { useState } from 'react';

import { copyText } from './copy_text';

// A page with more text than this stops answering; the file and the clipboard have all of it.
const SHOWN_CHARACTERS_MAX = 200_000;

export function CopyButton({ content }: { content: string }) {
  const [told, setTold] = useState('');
  return (
    <Button size="sm" variant="secondary" icon="copy" onClick={() => void copyText(content).then((isDone) => setTold(isDone ? 'Copied' : 'Not copied'))}>
      {told || 'Copy'}
    </Button>
  );
}

export function ShownText({ content, label }: { content: string; label: string }) {
  const rest = content.length - SHOWN_CHARACTERS_MAX;
  return (
    <>
      <pre className="inspect-json" role="region" aria-label={label}>
        {rest > 0 ? content.slice(0, SHOWN_CHARACTERS_MAX) : content}
      </pre>
      {rest > 0 && <p>{rest} more characters are in the copy and in the file.</p>}
    </>
  );
}

export function TakeAlong({ content, fileName, label }: { content: string; fileName: string; label: string }) {
  return (
    <>
      <div className="button-row">
        <CopyButton content={content} />
        <Button size="sm" variant="secondary" icon="download-alt" onClick={() => download(fileName, content)}>
          Download
        </Button>
      </div>
      <ShownText content={content} label={label} />
    </>
  );
}
