// The markup that shows one panel in a page of somebody else's.
import { Drawer } from '@narthex/vizkit';
import { useState } from 'react';

import { useEscape } from '../components/useEscape';
import { CopyButton } from '../components/TakeAlong';
import { useScope } from '../dashboard/scope';
import { soloAddress } from '../dashboard/panel_address';
import { LabelledSwitch } from '../components/LabelledSwitch';

export function EmbedDrawer({ panelKey, onClose }: { panelKey: string; onClose: () => void }) {
  useEscape(onClose);
  const { window: range } = useScope();
  const [isFixed, setIsFixed] = useState(true);
  const address = soloAddress(window.location.href, panelKey, isFixed ? range : undefined);
  const markup = `<iframe src="${address.replaceAll('&', '&amp;')}" width="450" height="200"></iframe>`;
  return (
    <Drawer title="Embed the panel" subtitle="A page elsewhere may show it where the server allows that ([security] allow_embedding), to whom may see the dashboard." onClose={onClose} size="sm">
      <LabelledSwitch label="Lock time range" value={isFixed} onChange={setIsFixed} />
      <textarea className="json-area" aria-label="Markup to embed" rows={6} readOnly value={markup} />
      <div className="button-row">
        <CopyButton content={markup} />
        <a href={address} target="_blank" rel="noreferrer">
          See it
        </a>
      </div>
    </Drawer>
  );
}
