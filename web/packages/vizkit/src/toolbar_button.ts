// A button of a toolbar that has its name in a narrow window too, where its words are not drawn.
import { ToolbarButton as Bare } from '@grafana/ui';
import { createElement, type ComponentProps, type ReactElement } from 'react';

type ToolbarButtonProps = ComponentProps<typeof Bare>;

export function ToolbarButton(props: ToolbarButtonProps): ReactElement {
  const { children, tooltip, 'aria-label': name } = props;
  const isNamed = name !== undefined || tooltip !== undefined || typeof children !== 'string';
  return createElement(Bare, isNamed ? props : { ...props, 'aria-label': children });
}
