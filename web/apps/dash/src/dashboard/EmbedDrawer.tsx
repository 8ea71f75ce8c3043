// The markup that shows one panel in a page of somebody else's.
import { Alert, Button, Drawer } from '@narthex/vizkit';
import { useState } from 'react';

import { copyText } from '../components/copy_text';
import { useEscape } from '../components/useEscape';
import { soloAddress } from './panel_address';

export function EmbedDrawer({ panelKey, window, onClose }: { panelKey: string; window: { fromMs: number; toMs: number }; onClose: () => void }) {
  const [isFixed, setIsFixed] = useState(true);
  const [told, setTold] = useState('');
  useEscape(onClose);
  const address = soloAddress(panelKey, isFixed ? window : undefined);
  const markup = `<iframe src="${address.replaceAll('&', '&amp;')}" width="450" height="200"></iframe>`;
  const copy = (): void => void copyText(markup).then((isDone) => setTold(isDone ? 'Copied' : 'This browser does not let the page copy. Mark the text and copy it.'));
  return (
    <Drawer title="Embed the panel" subtitle="A page elsewhere may show it where the server allows that ([security] allow_embedding), to whom may see the dashboard." onClose={onClose} size="sm">
      <p>
        <label>
          <input type="checkbox" checked={isFixed} onChange={(event) => setIsFixed(event.currentTarget.checked)} /> Keep the range of now
        </label>
      </p>
      <textarea className="json-area" aria-label="Markup to embed" rows={6} readOnly value={markup} />
      <div className="button-row">
        <Button icon="copy" onClick={copy}>
          Copy
        </Button>
        <a href={address} target="_blank" rel="noreferrer">
          See it
        </a>
      </div>
      {told !== '' && <Alert severity="info" title={told} />}
    </Drawer>
  );
}
