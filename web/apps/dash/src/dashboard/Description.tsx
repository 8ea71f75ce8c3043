// The description of a panel, told on its sign: Markdown, as markup that runs nothing. What makes it so is loaded for
// panels that have one.
import { Icon, Tooltip } from '@narthex/vizkit';
import { lazy, Suspense } from 'react';

const Markdown = lazy(() => import('./Markdown').then((module) => ({ default: module.Markdown })));

export function Description({ text }: { text: string }) {
  const content = (
    <Suspense fallback={text}>
      <Markdown text={text} />
    </Suspense>
  );
  return (
    <Tooltip content={content} interactive>
      <button type="button" className="panel-about" aria-label="Description">
        <Icon name="info-circle" aria-hidden />
      </button>
    </Tooltip>
  );
}
