// One panel: its frame, its menu, its state, and the plugin that draws the content.
import { LoadingState as ChromeLoading } from '@grafana/data';
import { record } from '@narthex/dashmodel/json';
import type { Panel } from '@narthex/dashmodel';
import { findPanel, type PanelPlugin, type PanelProps } from '@narthex/panels';
import { isMarkOf, panelLookup, type PanelData } from '@narthex/runner';
import { formatValue, interpolate } from '@narthex/vars';
import { Icon, IconButton, PanelChrome, PanelContextProvider } from '@narthex/vizkit';
import { lazy, Suspense, useCallback, useEffect, useMemo, type ReactElement } from 'react';

import { linkTo } from '../router/link_to';
import { useAddress } from '../router/location';
import { PanelBoundary } from './PanelBoundary';
import { useScope } from './scope';
import { windowRange } from './time';
import { useDelayed } from './useDelayed';
import { useExemplars } from './useExemplars';
import { useFilterFor } from './useFilterFor';
import { scopedLookup, useFrames } from './useFrames';
import { useLegend } from './useLegend';
import { usePanelData } from './usePanelData';

// A refresh that is quicker than this shows no loading bar: every two seconds one would flicker.
const LOADING_BAR_DELAY_MS = 600;
// With so little height the content gets what would be its padding, then the heading's room, too, or a value would
// shrink to nothing. Two rows of the grid are 68 pixels.
const PADDING_HEIGHT_MIN_PX = 84;
const HEADING_HEIGHT_MIN_PX = 60;

interface PanelBoxProps {
  panel: Panel;
  width: number;
  height: number;
  isActive: boolean;
  isViewed: boolean;
}

const lazyPanel = (plugin: PanelPlugin) => lazy(plugin.load);
const components = new Map<string, ReturnType<typeof lazyPanel>>();

function componentOf(plugin: PanelPlugin) {
  const known = components.get(plugin.id) ?? lazyPanel(plugin);
  components.set(plugin.id, known);
  return known;
}

function Notice({ children }: { children: string }) {
  return (
    <div className="panel-notice" role="status">
      {children}
    </div>
  );
}

interface ContentProps extends Omit<PanelBoxProps, 'isActive' | 'isViewed'> {
  plugin: PanelPlugin;
  data: PanelData;
  title: string;
}

function Content({ plugin, panel, data, title, width, height }: ContentProps) {
  const scope = useScope();
  const legend = useLegend(panel.key);
  const exemplars = useExemplars(panel, data);
  const { applied, shown } = useFrames(plugin, panel, data, legend.hidden);
  const write = useCallback(
    (text: string, format?: 'html', scoped?: Parameters<typeof scopedLookup>[0]) =>
      interpolate(text, {
        lookup: scopedLookup(scoped, panelLookup(scope.variables, panel.bound, scope.builtins)),
        // What is built in is no text of a person, or is written for addresses.
        ...(format ? { write: (found) => formatValue(found.variable ? format : 'glob', found.value, { name: '', text: found.text ?? found.value }) } : {}),
      }),
    [scope.variables, scope.builtins, panel.bound],
  );
  const onAddAdHocFilter = useFilterFor(panel);
  const bare = legend.contextFor(applied);
  const context = useMemo(() => ({ ...bare, ...(onAddAdHocFilter ? { onAddAdHocFilter } : {}) }), [bare, onAddAdHocFilter]);
  const options = useMemo(() => legend.withSort(panel.options), [legend, panel.options]);
  // Of the window the frames were asked for: a new range of the page shows with its data.
  const asked = data.window ?? scope.window;
  const timeRange = useMemo(() => windowRange(asked, scope.timeZone), [asked, scope.timeZone]);
  const marks = useMemo(() => scope.marks.filter((mark) => isMarkOf(mark, panel.id)), [scope.marks, panel.id]);
  const { annotate } = scope;
  const onAnnotate = useMemo(() => annotate && ((mark: Parameters<NonNullable<PanelProps['onAnnotate']>>[0]) => annotate(panel.id, mark)), [annotate, panel.id]);
  const Component = componentOf(plugin);
  return (
    <PanelContextProvider value={context}>
      <PanelBoundary resetKey={data}>
        <Suspense fallback={<span className="panel-pending" />}>
          <Component
            id={panel.id}
            title={title}
            options={options}
            frames={shown}
            structureRev={data.structureRev + legend.revision}
            timeRange={timeRange}
            timeZone={scope.timeZone}
            width={width}
            height={height}
            cursorSync={scope.dashboard.graphTooltip}
            marks={marks}
            exemplars={exemplars}
            interpolate={write}
            onZoom={scope.onZoom}
            {...(onAnnotate ? { onAnnotate } : {})}
          />
        </Suspense>
      </PanelBoundary>
    </PanelContextProvider>
  );
}

function message(plugin: PanelPlugin | undefined, panel: Panel, data: PanelData): string | undefined {
  if (panel.libraryPanel && !plugin) return `The library panel "${panel.libraryPanel}" is not available here.`;
  if (!plugin) return `The panel type "${panel.type}" is not supported. Its configuration is kept as it is.`;
  if (!plugin.usesData) return undefined;
  if (data.state === 'error' || data.state === 'unsupported') return data.error;
  if (data.state !== 'empty') return undefined;
  const { noValue } = record(panel.fieldConfig.defaults);
  return typeof noValue === 'string' && noValue !== '' ? noValue : 'No data';
}

function HeadingLinks({ panel, write }: { panel: Panel; write: (text: string) => string }) {
  return panel.links.map(({ title, url, targetBlank }) => (
    <a key={url + title} className="panel-link" href={linkTo(write(url))} title={write(title)} {...(targetBlank ? { target: '_blank', rel: 'noreferrer' } : {})}>
      <Icon name="external-link-alt" aria-hidden /> <span className={panel.links.length > 1 ? 'sr-only' : ''}>{write(title) || 'Link'}</span>
    </a>
  ));
}

const NOTICE_ICONS = { info: 'info-circle', warning: 'exclamation-triangle', error: 'exclamation-circle' } as const;

/** What the data source remarked, by the worst of it. */
function Notices({ notices }: { notices: PanelData['notices'] }) {
  const worst = (['error', 'warning', 'info'] as const).find((severity) => notices.some((notice) => notice.severity === severity)) ?? 'info';
  return (
    <span className={`panel-remark panel-remark-${worst}`}>
      <IconButton name={NOTICE_ICONS[worst]} size="sm" tooltip={notices.map(({ text }) => text).join('\n')} />
    </span>
  );
}

const PanelMenu = lazy(() => import('./PanelMenu').then((module) => ({ default: module.PanelMenu })));
const InspectDrawer = lazy(() => import('../inspect/InspectDrawer').then((module) => ({ default: module.InspectDrawer })));

export function PanelBox({ panel, width, height, isActive, isViewed }: PanelBoxProps) {
  const scope = useScope();
  const { search } = useAddress();
  const plugin = findPanel(panel.type);
  const usesData = plugin?.usesData ?? false;
  const data = usePanelData(panel, width, isActive && usesData);
  useEffect(() => {
    scope.shownFrames?.set(panel.key, data.frames);
  }, [scope.shownFrames, panel.key, data.frames]);
  const isSlow = useDelayed(data.isFetching, LOADING_BAR_DELAY_MS) || (usesData && data.state === 'loading');
  const lookup = panelLookup(scope.variables, panel.bound, scope.builtins);
  const title = interpolate(panel.title, { lookup });
  const state = !plugin ? 'unsupported' : usesData ? data.state : 'done';
  const notice = message(plugin, panel, data);
  const menuOf = (): ReactElement => (
    <Suspense fallback={null}>
      <PanelMenu panel={panel} isViewed={isViewed} data={data} title={title} />
    </Suspense>
  );
  const isLow = height < HEADING_HEIGHT_MIN_PX;
  const status = data.state === 'unsupported' ? undefined : data.error;
  const notices = usesData && data.state !== 'unsupported' ? data.notices : [];
  const items = [
    ...(panel.links.length > 0 ? [<HeadingLinks key="links" panel={panel} write={(text) => interpolate(text, { lookup })} />] : []),
    ...(notices.length > 0 ? [<Notices key="notices" notices={notices} />] : []),
  ];
  return (
    <div data-panel-id={panel.id} data-panel-key={panel.key} data-panel-type={panel.type} data-panel-state={state} className="panel">
      <PanelChrome
        title={title}
        {...(panel.description ? { description: interpolate(panel.description, { lookup }) } : {})}
        width={width}
        height={height}
        padding={plugin?.isFlush || height < PADDING_HEIGHT_MIN_PX ? 'none' : 'md'}
        displayMode={panel.transparent ? 'transparent' : 'default'}
        {...(scope.visit ? {} : { menu: menuOf })}
        {...(items.length > 0 ? { titleItems: items } : {})}
        {...(isLow || title === '' ? { hoverHeader: true } : {})}
        {...(isSlow ? { loadingState: ChromeLoading.Loading } : {})}
        {...(usesData && status ? { statusMessage: status } : {})}
      >
        {(innerWidth, innerHeight) => {
          if (notice !== undefined) return <Notice>{notice}</Notice>;
          if (!plugin || (usesData && data.state === 'loading')) return null;
          return <Content plugin={plugin} panel={panel} data={data} title={title} width={innerWidth} height={innerHeight} />;
        }}
      </PanelChrome>
      {!scope.visit && search.get('inspect') === panel.key && (
        <Suspense fallback={null}>
          <InspectDrawer panel={panel} plugin={plugin} data={data} title={title} widthPx={width} />
        </Suspense>
      )}
    </div>
  );
}
