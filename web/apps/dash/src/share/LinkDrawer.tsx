// The address of what the page shows, for somebody else: of fixed instants or of a moving range, short or whole.
import { base, shortAddress } from '@narthex/grafanaapi';
import { Alert, Button, Drawer, RadioButtonGroup } from '@narthex/vizkit';
import { useEffect, useState } from 'react';

import { useEscape } from '../components/useEscape';
import { CopyButton } from '../components/TakeAlong';
import { LabelledSwitch } from '../components/LabelledSwitch';
import { sharedAddress } from '../dashboard/panel_address';
import { useScope } from '../dashboard/scope';

const THEMES = [
  { value: '', label: 'Current' },
  { value: 'dark', label: 'Dark' },
  { value: 'light', label: 'Light' },
];

interface Short {
  of: string;
  address: string;
  fault: string;
}

/** Made only while it is wanted, and once for each long one. */
function useShort(long: string, isWanted: boolean): { address: string; fault: string } {
  const [short, setShort] = useState<Short>({ of: '', address: '', fault: '' });
  useEffect(() => {
    if (!isWanted || short.of === long) return undefined;
    let isCurrent = true;
    const { pathname, search } = new URL(long);
    shortAddress(base.remove(pathname) + search)
      .then((address) => isCurrent && setShort({ of: long, address: new URL(address, window.location.href).toString(), fault: '' }))
      .catch((error: unknown) => isCurrent && setShort({ of: long, address: '', fault: error instanceof Error ? error.message : String(error) }));
    return () => {
      isCurrent = false;
    };
  }, [long, isWanted, short.of]);
  return short.of === long ? short : { address: '', fault: '' };
}

export function LinkDrawer({ panelKey, onClose }: { panelKey: string; onClose: () => void }) {
  useEscape(onClose);
  const { window: range, variables } = useScope();
  // The instants of the moment at which it was opened; a refresh behind it changes nothing.
  const [locked] = useState(range);
  const [isLocked, setIsLocked] = useState(true);
  const [isShort, setIsShort] = useState(false);
  const [theme, setTheme] = useState('');
  const long = sharedAddress(window.location.href, { panelKey, range: isLocked ? locked : undefined, theme, variables });
  const short = useShort(long, isShort);
  const address = isShort ? short.address : long;
  return (
    <Drawer title={panelKey === '' ? 'Share the dashboard' : 'Share the panel'} subtitle="Whoever may see the dashboard sees what you see." onClose={onClose} size="sm">
      <div className="share-choices">
        <LabelledSwitch label="Lock time range" value={isLocked} onChange={setIsLocked} />
        <LabelledSwitch label="Shorten link" value={isShort} onChange={setIsShort} />
        <RadioButtonGroup options={THEMES} value={theme} onChange={setTheme} size="sm" aria-label="Theme" />
      </div>
      {short.fault !== '' && <Alert severity="error" title="The link could not be shortened">{short.fault}</Alert>}
      <textarea className="json-area" aria-label="Link" rows={5} readOnly value={address} />
      <div className="button-row">
        <CopyButton key={address} content={address} />
        <Button variant="secondary" size="sm" onClick={onClose}>
          Close
        </Button>
      </div>
    </Drawer>
  );
}
