// What a press on a value offers: its links and its actions. Pure.
import type { ActionModel, DataFrame, Field, FieldConfig, FieldDisplay, LinkModel } from '@grafana/data';

import { actionsAt, actionsOf } from './actions/models';
import { readActions } from './actions/read';
import { followed } from './one_click';
import type { PanelProps } from './props';

export interface ValueChoices {
  links: LinkModel[];
  actions: ActionModel[];
  /** Goes where its link leads, whatever else there is. */
  isFollowed: boolean;
}

export interface Asking extends Pick<PanelProps, 'interpolate'> {
  mayAct: boolean;
}

const linkCount = ({ links }: FieldConfig): number => links?.length ?? 0;
const isFollowed = ({ links }: FieldConfig): boolean => links?.some(({ oneClick }) => oneClick === true) ?? false;

/** Cheaper than the choices themselves: it is asked for every value that is drawn. */
export const hasChoices = (config: FieldConfig, mayAct: boolean): boolean => linkCount(config) > 0 || (mayAct && readActions(config).length > 0);

/** Of a value in its row. */
export function choicesAt(frame: DataFrame, field: Field, rowIndex: number, { interpolate, mayAct }: Asking): ValueChoices {
  const { config } = field;
  return {
    links: linkCount(config) > 0 ? followed(field.getLinks?.({ valueRowIndex: rowIndex }) ?? []) : [],
    actions: mayAct ? actionsAt({ config, frame, field, rowIndex }, interpolate) : [],
    isFollowed: isFollowed(config),
  };
}

/** Of a value that is shown by itself. */
export function choicesOf(value: FieldDisplay, { interpolate, mayAct }: Asking): ValueChoices {
  const { hasLinks, getLinks, field } = value;
  return { links: hasLinks && getLinks ? followed(getLinks()) : [], actions: mayAct ? actionsOf(value, interpolate) : [], isFollowed: isFollowed(field) };
}

export type Press = { kind: 'link'; link: LinkModel } | { kind: 'action'; action: ActionModel } | { kind: 'menu' } | { kind: 'nothing' };

/** A single link leads there at once, an action for a single press asks at once, more of either open a menu. */
export function pressOf({ links, actions, isFollowed: leads }: ValueChoices): Press {
  const [link] = links;
  if (link && (leads || (links.length === 1 && actions.length === 0))) return { kind: 'link', link };
  const single = actions.find(({ oneClick }) => oneClick);
  if (single) return { kind: 'action', action: single };
  return links.length + actions.length > 0 ? { kind: 'menu' } : { kind: 'nothing' };
}
