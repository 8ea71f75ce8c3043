// Links of a value: one leads there at once, several open a menu.
import type { FieldDisplay } from '@grafana/data';
import { DataLinksContextMenu } from '@narthex/vizkit';
import type { JSX, MouseEvent } from 'react';

export interface ValueLinkApi {
  onClick?: (event: MouseEvent<Element>) => void;
  className?: string;
}

export function ValueLinks({ value, children }: { value: FieldDisplay; children: (link: ValueLinkApi) => JSX.Element }) {
  const { hasLinks, getLinks } = value;
  if (!hasLinks || !getLinks) return children({});
  return (
    <DataLinksContextMenu links={getLinks} style={{ flexGrow: 1 }}>
      {({ openMenu, targetClassName }) => children({ ...(openMenu ? { onClick: openMenu } : {}), ...(targetClassName ? { className: targetClassName } : {}) })}
    </DataLinksContextMenu>
  );
}
