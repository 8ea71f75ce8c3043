// The links and actions of values that are drawn as shapes, each with the press of a pointer or of Enter.
import type { ActionModel, LinkModel } from '@grafana/data';
import { WithContextMenu } from '@narthex/vizkit';
import { lazy, Suspense, useState, type KeyboardEvent, type MouseEvent, type ReactElement, type SVGAttributes } from 'react';

import { Choices } from './links';
import { pressOf, type ValueChoices } from './value_choices';

const ConfirmAction = lazy(() => import('./actions/ConfirmAction').then((module) => ({ default: module.ConfirmAction })));

const NONE: ValueChoices = { links: [], actions: [], isFollowed: false };

/** As if its text had been pressed: the page takes links within it, the browser the others. */
function follow({ href, target, onClick }: LinkModel, event: MouseEvent): void {
  if (onClick) return onClick(event);
  const anchor = document.createElement('a');
  Object.assign(anchor, { href, target: target ?? '', rel: 'noreferrer' });
  document.body.append(anchor);
  anchor.click();
  return anchor.remove();
}

function pressWithKey(event: KeyboardEvent<SVGElement>): void {
  if (event.key !== 'Enter' && event.key !== ' ') return;
  event.preventDefault();
  event.currentTarget.dispatchEvent(new window.MouseEvent('click', { bubbles: true }));
}

type Pressable = Pick<SVGAttributes<SVGElement>, 'onClick' | 'onKeyDown' | 'tabIndex' | 'role' | 'aria-label' | 'cursor'>;
/** What a shape needs to be pressed; nothing where its value has neither links nor actions. */
export type PressFor = (label: string, choices: (() => ValueChoices) | undefined) => Pressable;

export function ValueMenu({ children }: { children: (pressFor: PressFor) => ReactElement }) {
  const [choices, setChoices] = useState(NONE);
  const [asked, setAsked] = useState<ActionModel>();
  return (
    <>
      <WithContextMenu renderMenuItems={() => <Choices {...choices} onAct={setAsked} />}>
        {({ openMenu }) =>
          children((label, read) => {
            if (!read) return {};
            const press = (event: MouseEvent): void => {
              const found = read();
              const next = pressOf(found);
              if (next.kind === 'link') follow(next.link, event);
              if (next.kind === 'action') setAsked(next.action);
              if (next.kind !== 'menu') return;
              setChoices(found);
              openMenu(event);
            };
            return { onClick: press, onKeyDown: pressWithKey, tabIndex: 0, role: 'button', 'aria-label': label, cursor: 'pointer' };
          })
        }
      </WithContextMenu>
      {asked && (
        <Suspense fallback={null}>
          <ConfirmAction action={asked} onDone={() => setAsked(undefined)} />
        </Suspense>
      )}
    </>
  );
}
