// What can be done with one panel.
import { duplicatePanel, removePanel, type Panel } from '@narthex/dashmodel';
import type { PanelData } from '@narthex/runner';
import { Menu } from '@narthex/vizkit';

import { useEditing } from '../edit/EditContext';
import { copyPanel } from '../edit/panel_clipboard';
import { copyText } from '../components/copy_text';
import { exploreAddress } from '../explore/address';
import { navigate, updateSearch } from '../router/location';
import { panelAddress } from './panel_address';
import { useScope } from './scope';
import { useWriter } from './useWriter';

interface PanelMenuProps {
  panel: Panel;
  isViewed: boolean;
  data: PanelData;
  title: string;
}

export function PanelMenu({ panel, isViewed }: PanelMenuProps) {
  const scope = useScope();
  const write = useWriter(panel.bound);
  const { json, isEditing, change } = useEditing();
  const isCopy = panel.key !== String(panel.id);
  const hasQueries = panel.targets.some((target) => typeof target['expr'] === 'string' && target['expr'] !== '');
  return (
    <Menu ariaLabel="Panel">
      <Menu.Item
        label={isViewed ? 'Back to the dashboard' : 'View'}
        icon="eye"
        onClick={() => updateSearch({ viewPanel: isViewed ? undefined : panel.key, editPanel: undefined })}
      />
      {isEditing && !isCopy && <Menu.Item label="Edit" icon="pen" onClick={() => updateSearch({ editPanel: panel.key, viewPanel: undefined })} />}
      {hasQueries && <Menu.Item label="Explore" icon="compass" onClick={() => navigate(exploreAddress(panel, scope, write))} />}
      <Menu.Item label="Inspect" icon="info-circle" onClick={() => updateSearch({ inspect: panel.key })} />
      <Menu.Item label="Copy" icon="clipboard-alt" onClick={() => void copyPanel(json, panel.id)} />
      <Menu.Item label="Copy link" icon="link" onClick={() => void copyText(panelAddress(panel.key))} />
      <Menu.Item label="Embed" icon="share-alt" onClick={() => updateSearch({ shareView: 'embed', sharePanel: panel.key })} />
      {isEditing && !isCopy && (
        <>
          <Menu.Item label="Duplicate" icon="copy" onClick={() => change(duplicatePanel(json, panel.id).dashboard)} />
          <Menu.Item label="Remove" icon="trash-alt" destructive onClick={() => change(removePanel(json, panel.id))} />
        </>
      )}
    </Menu>
  );
}
