// Links and actions of a value: one link leads there at once, more of either open a menu.
import type { ActionModel, FieldDisplay, LinkModel } from '@grafana/data';
import { DataLinksContextMenu, MenuGroup, MenuItem, usePanelContext, WithContextMenu } from '@narthex/vizkit';
import { lazy, Suspense, useState, type JSX, type MouseEvent } from 'react';

import { actionsOf } from './actions/models';
import { followed } from './one_click';
import type { PanelProps } from './props';

const ConfirmAction = lazy(() => import('./actions/ConfirmAction').then((module) => ({ default: module.ConfirmAction })));

export interface ValueLinkApi {
  onClick?: (event: MouseEvent<Element>) => void;
  className?: string;
}

type Draw = (link: ValueLinkApi) => JSX.Element;

/** What a menu of a value holds. */
export function Choices({ links, actions, onAct }: { links: LinkModel[]; actions: ActionModel[]; onAct: (action: ActionModel) => void }) {
  return (
    <>
      {links.length > 0 && (
        <MenuGroup label="Data links">
          {links.map(({ title, href, target, onClick }, index) => (
            <MenuItem key={`${title}/${index}`} label={title} url={href} target={target ?? '_self'} icon={target === '_blank' ? 'external-link-alt' : 'link'} {...(onClick ? { onClick } : {})} />
          ))}
        </MenuGroup>
      )}
      {actions.length > 0 && (
        <MenuGroup label="Actions">
          {actions.map((action, index) => (
            <MenuItem key={`${action.title}/${index}`} label={action.title} icon="record-audio" onClick={() => onAct(action)} />
          ))}
        </MenuGroup>
      )}
    </>
  );
}

/** Where there are actions; one for a single press asks at once, the others stand in a menu with the links. */
function ActionMenu({ links, actions, children }: { links: () => LinkModel[]; actions: ActionModel[]; children: Draw }) {
  const [asked, setAsked] = useState<ActionModel>();
  const single = actions.find(({ oneClick }) => oneClick);
  return (
    <>
      {single ? (
        children({ onClick: () => setAsked(single) })
      ) : (
        <WithContextMenu renderMenuItems={() => <Choices links={links()} actions={actions} onAct={setAsked} />}>{({ openMenu }) => children({ onClick: openMenu })}</WithContextMenu>
      )}
      {asked && (
        <Suspense fallback={null}>
          <ConfirmAction action={asked} onDone={() => setAsked(undefined)} />
        </Suspense>
      )}
    </>
  );
}

interface ValueLinksProps extends Pick<PanelProps, 'interpolate'> {
  value: FieldDisplay;
  children: Draw;
}

export function ValueLinks({ value, interpolate, children }: ValueLinksProps) {
  const { canExecuteActions } = usePanelContext();
  const { hasLinks, getLinks } = value;
  const links = (): LinkModel[] => (hasLinks && getLinks ? followed(getLinks()) : []);
  const isFollowed = value.field.links?.some(({ oneClick }) => oneClick === true) ?? false;
  const actions = canExecuteActions?.() ? actionsOf(value, interpolate) : [];
  if (actions.length > 0 && !isFollowed) {
    return (
      <ActionMenu links={links} actions={actions}>
        {children}
      </ActionMenu>
    );
  }
  if (!hasLinks || !getLinks) return children({});
  return (
    <DataLinksContextMenu links={links} style={{ flexGrow: 1 }}>
      {({ openMenu, targetClassName }) => children({ ...(openMenu ? { onClick: openMenu } : {}), ...(targetClassName ? { className: targetClassName } : {}) })}
    </DataLinksContextMenu>
  );
}
