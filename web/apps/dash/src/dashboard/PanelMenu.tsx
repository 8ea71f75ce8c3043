// What can be done with one panel.
import { duplicatePanel, findPanelJson, removePanel, replacePanel, unlinked, type AnyRecord, type Panel } from '@narthex/dashmodel';
import { record, text } from '@narthex/dashmodel/json';
import type { PanelData } from '@narthex/runner';
import { Menu } from '@narthex/vizkit';

import { useEditing } from '../edit/EditContext';
import { copyPanel } from '../edit/panel_clipboard';
import { exploreAddress } from '../explore/address';
import { navigate, updateSearch } from '../router/location';
import { useScope } from './scope';
import { useWriter } from './useWriter';

interface PanelMenuProps {
  panel: Panel;
  isViewed: boolean;
  data: PanelData;
  title: string;
}

const Inspect = ({ panel }: { panel: Panel }) => <Menu.Item label="Inspect" icon="info-circle" onClick={() => updateSearch({ inspect: panel.key })} />;

/** One that was put on the dashboard in this edit has all of it in its JSON. */
const bare = ({ libraryPanel: _reference, ...panel }: AnyRecord): AnyRecord => panel;

export function PanelMenu({ panel, isViewed }: PanelMenuProps) {
  const scope = useScope();
  const write = useWriter(panel.bound);
  const { json, library, isEditing, change } = useEditing();
  if (!scope.shownFrames) {
    return (
      <Menu ariaLabel="Panel">
        <Inspect panel={panel} />
      </Menu>
    );
  }
  const isCopy = panel.key !== String(panel.id);
  const own = isEditing && !isCopy ? findPanelJson(json, panel.id) : undefined;
  const element = library.get(text(record(own?.['libraryPanel'])['uid']));
  const hasQueries = panel.targets.some((target) => typeof target['expr'] === 'string' && target['expr'] !== '');
  return (
    <Menu ariaLabel="Panel">
      <Menu.Item
        label={isViewed ? 'Back to the dashboard' : 'View'}
        icon="eye"
        onClick={() => updateSearch({ viewPanel: isViewed ? undefined : panel.key, editPanel: undefined })}
      />
      {own && (panel.libraryPanel === '' || element) && <Menu.Item label="Edit" icon="pen" onClick={() => updateSearch({ editPanel: panel.key, viewPanel: undefined })} />}
      {hasQueries && <Menu.Item label="Explore" icon="compass" onClick={() => navigate(exploreAddress(panel, scope, write))} />}
      <Inspect panel={panel} />
      <Menu.Item label="Copy" icon="clipboard-alt" onClick={() => void copyPanel(json, panel.id)} />
      <Menu.Item label="Share link" icon="link" onClick={() => updateSearch({ shareView: 'link', sharePanel: panel.key })} />
      <Menu.Item label="Embed" icon="share-alt" onClick={() => updateSearch({ shareView: 'embed', sharePanel: panel.key })} />
      {isEditing && !isCopy && (
        <>
          {own && panel.libraryPanel !== '' && <Menu.Item label="Unlink library panel" icon="link" onClick={() => change(replacePanel(json, panel.id, element ? unlinked(own, element) : bare(own)))} />}
          {own && panel.libraryPanel === '' && <Menu.Item label="Create library panel" icon="library-panel" onClick={() => updateSearch({ shareView: 'library_panel', sharePanel: panel.key })} />}
          <Menu.Item label="Duplicate" icon="copy" onClick={() => change(duplicatePanel(json, panel.id).dashboard)} />
          <Menu.Item label="Remove" icon="trash-alt" destructive onClick={() => change(removePanel(json, panel.id))} />
        </>
      )}
    </Menu>
  );
}
