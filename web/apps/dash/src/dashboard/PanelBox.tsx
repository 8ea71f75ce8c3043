// One panel: its frame, its menu, its state, and the plugin that draws the content.
import { LoadingState as ChromeLoading } from '@grafana/data';
import { record } from '@narthex/dashmodel/json';
import type { Panel } from '@narthex/dashmodel';
import { findPanel, type PanelPlugin, type PanelProps } from '@narthex/panels';
import { isMarkOf, NO_DATA, panelLookup, type PanelData } from '@narthex/runner';
import { formatValue, interpolate } from '@narthex/vars';
import { Icon, IconButton, PanelChrome, PanelContextProvider } from '@narthex/vizkit';
import { createContext, lazy, memo, Suspense, useCallback, useContext, useEffect, useMemo, type ReactElement } from 'react';

import { linkTo } from '../router/link_to';
import { useSeriesColor } from '../edit/useSeriesColor';
import { useAddress } from '../router/location';
import { PanelBoundary } from './PanelBoundary';
import { useScope } from './scope';
import { windowRange } from './time';
import { Description } from './Description';
import { timeNote } from './time_note';
import { useExemplars } from './useExemplars';
import { useFilterFor } from './useFilterFor';
import { scopedLookup, useFrames } from './useFrames';
import { useLegend } from './useLegend';
import { usePanelData } from './usePanelData';

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

/** What a panel draws of data that is there; the frame around it is not part of it. */
export function PanelContent({ plugin, panel, data, title, width, height }: ContentProps) {
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
  const isVisited = scope.visit !== undefined;
  const painting = useSeriesColor(panel);
  // A visitor of a public dashboard acts in nobody's name.
  const context = useMemo(() => ({ ...bare, canExecuteActions: () => !isVisited, ...painting, ...(onAddAdHocFilter ? { onAddAdHocFilter } : {}) }), [bare, onAddAdHocFilter, isVisited, painting]);
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

interface Shown {
  panel: Panel;
  plugin: PanelPlugin | undefined;
  data: PanelData;
  title: string;
  isViewed: boolean;
}

/** What changes with every answer, apart from the frame around it, which hardly ever does. */
const ShownContext = createContext<Shown | undefined>(undefined);

function useShown(): Shown {
  const shown = useContext(ShownContext);
  if (!shown) throw new Error('not within a panel');
  return shown;
}

function Body({ width, height }: { width: number; height: number }) {
  const { panel, plugin, data, title } = useShown();
  const notice = message(plugin, panel, data);
  if (notice !== undefined) return <Notice>{notice}</Notice>;
  if (!plugin || (plugin.usesData && data.state === 'loading')) return null;
  return <PanelContent plugin={plugin} panel={panel} data={data} title={title} width={width} height={height} />;
}

function Menu() {
  const { panel, data, title, isViewed } = useShown();
  return (
    <Suspense fallback={null}>
      <PanelMenu panel={panel} isViewed={isViewed} data={data} title={title} />
    </Suspense>
  );
}

const menuOf = (): ReactElement => <Menu />;
const bodyOf = (width: number, height: number): ReactElement => <Body width={width} height={height} />;

/** The links and remarks of the heading; the same array as long as they say the same. */
function useItems(panel: Panel, given: PanelData['notices'], note: string, write: (text: string) => string): ReactElement[] {
  const description = panel.description ? write(panel.description) : '';
  const notices = given.length > 0 ? given : NO_DATA.notices;
  const links = panel.links.map(({ title, url }) => write(title) + write(url)).join();
  return useMemo(
    () => [
      ...(description === '' ? [] : [<Description key="about" text={description} />]),
      ...(panel.links.length > 0 ? [<HeadingLinks key="links" panel={panel} write={write} />] : []),
      ...(note === ''
        ? []
        : [
            <span key="time" className="panel-time" title="The time range of this panel">
              <Icon name="clock-nine" size="sm" aria-hidden /> {note}
            </span>,
          ]),
      ...(notices.length > 0 ? [<Notices key="notices" notices={notices} />] : []),
    ],
    // links stands for what is written.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [panel, notices, links, note, description],
  );
}

interface FrameProps extends Omit<PanelBoxProps, 'isActive' | 'isViewed'> {
  plugin: PanelPlugin | undefined;
  title: string;
  items: ReactElement[];
  isSlow: boolean;
  status: string;
  hasMenu: boolean;
}

const Frame = memo(function Frame({ panel, plugin, width, height, title, items, isSlow, status, hasMenu }: FrameProps) {
  const isLow = height < HEADING_HEIGHT_MIN_PX;
  return (
    <PanelChrome
      title={title}
      width={width}
      height={height}
      padding={plugin?.isFlush || height < PADDING_HEIGHT_MIN_PX ? 'none' : 'md'}
      displayMode={panel.transparent ? 'transparent' : 'default'}
      {...(hasMenu ? { menu: menuOf } : {})}
      {...(items.length > 0 ? { titleItems: items } : {})}
      {...(isLow || title === '' ? { hoverHeader: true } : {})}
      {...(isSlow ? { loadingState: ChromeLoading.Loading } : {})}
      {...(status ? { statusMessage: status } : {})}
    >
      {bodyOf}
    </PanelChrome>
  );
});

export function PanelBox({ panel, width, height, isActive, isViewed }: PanelBoxProps) {
  const scope = useScope();
  const { search } = useAddress();
  const plugin = findPanel(panel.type);
  const usesData = plugin?.usesData ?? false;
  const data = usePanelData(panel, width, isActive && usesData);
  useEffect(() => {
    scope.shownFrames?.set(panel.key, data.frames);
  }, [scope.shownFrames, panel.key, data.frames]);
  const lookup = panelLookup(scope.variables, panel.bound, scope.builtins);
  const write = (text: string): string => interpolate(text, { lookup });
  const title = interpolate(panel.title, { lookup, format: 'text' });
  const isTold = usesData && data.state !== 'unsupported';
  const note = usesData ? timeNote(panel, scope.isRelative, write) : '';
  const items = useItems(panel, isTold ? data.notices : [], note, write);

  const shown = useMemo(() => ({ panel, plugin, data, title, isViewed }), [panel, plugin, data, title, isViewed]);
  return (
    <div data-panel-id={panel.id} data-panel-key={panel.key} data-panel-type={panel.type} data-panel-state={!plugin ? 'unsupported' : usesData ? data.state : 'done'} className="panel">
      <ShownContext value={shown}>
        <Frame
          panel={panel}
          plugin={plugin}
          width={width}
          height={height}
          title={title}
          items={items}
          isSlow={data.isFetching || (usesData && data.state === 'loading')}
          status={isTold ? data.error : ''}
          hasMenu={!scope.visit}
        />
      </ShownContext>
      {!scope.visit && search.get('inspect') === panel.key && (
        <Suspense fallback={null}>
          <InspectDrawer panel={panel} plugin={plugin} data={data} title={title} widthPx={width} />
        </Suspense>
      )}
    </div>
  );
}
