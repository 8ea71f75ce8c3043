// Takes the place of react-inlinesvg: @grafana/ui asks for icons by path, and here they come from the
// bundle. The ones every page shows are at hand at once; the rest is one chunk, loaded on first need.
import { useEffect, useState, type Ref, type SVGProps } from 'react';

import { COMMON } from './first_pages';

interface InlineSvgProps extends Omit<SVGProps<SVGSVGElement>, 'onLoad' | 'onError' | 'ref'> {
  src: string;
  innerRef?: Ref<SVGSVGElement>;
  title?: string;
  onLoad?: (src: string, isCached: boolean) => void;
  onError?: (error: Error) => void;
  loader?: unknown;
  cacheRequests?: boolean;
}

let rest: Readonly<Record<string, string>> | undefined;

function nameOf(src: string): string {
  return src.split('/').slice(-2).join('/').replace(/\.svg$/, '');
}

function parse(source: string): { viewBox: string; body: string } {
  const open = /<svg([^>]*)>/.exec(source);
  const viewBox = /viewBox="([^"]*)"/.exec(open?.[1] ?? '')?.[1] ?? '0 0 24 24';
  const body = source.slice((open?.index ?? 0) + (open?.[0].length ?? 0), source.lastIndexOf('</svg>'));
  return { viewBox, body };
}

function useIcon(name: string): string | undefined {
  const [, setLoaded] = useState(rest !== undefined);
  const found = COMMON[name] ?? rest?.[name];
  const isMissing = found === undefined && rest === undefined;
  useEffect(() => {
    if (!isMissing) return;
    void import('./rest').then((module) => {
      rest = module.REST;
      setLoaded(true);
    });
  }, [isMissing]);
  return found;
}

export default function InlineSvg({ src, innerRef, title, onLoad, onError: _onError, loader: _loader, cacheRequests: _cache, ...svg }: InlineSvgProps) {
  const source = useIcon(nameOf(src));
  useEffect(() => {
    if (source !== undefined) onLoad?.(src, true);
    // The parent passes a new function with every drawing; only the icon matters.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [src, source]);
  const { viewBox, body } = parse(source ?? '<svg></svg>');
  const titled = title ? `<title>${title.replace(/</g, '&lt;')}</title>${body}` : body;
  // The arrow of a list is a button of its own for assistive technology, and comes without a name.
  const label = svg.role === 'button' && svg['aria-label'] === undefined ? { 'aria-label': 'Options' } : {};
  // The body is a file of the icon package, fixed when the app is built.
  return <svg {...svg} {...label} ref={innerRef} viewBox={viewBox} dangerouslySetInnerHTML={{ __html: titled }} />;
}
