// A dashboard: what the address says, what the file says, and the panels.
import { addPanel, buildSections, expandRepeats, fitPanels, type Dashboard, type Panel } from '@narthex/dashmodel';
import { text } from '@narthex/dashmodel/json';
import { useElementSize } from '@narthex/vizkit';
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from 'react';

import { EmptyState, ErrorState, LoadingState } from '../components/states';
import { EditBar } from '../edit/EditBar';
import { EditContext, useEditing, type Editing } from '../edit/EditContext';
import { useHistory } from '../edit/useHistory';
import { takeBroughtPanel } from '../explore/handover';
import { useModel } from '../edit/useModel';
import { useAddress } from '../router/location';
import { rememberDashboard } from '@narthex/panels/recent';
import { useSession } from '../session/SessionGate';
import { ShareDrawers } from '../share/ShareDrawers';
import { TopBar, type Crumb } from '../shell/TopBar';
import { AnnotationBar, switchable } from './AnnotationBar';
import { ControlsMenu } from './ControlsMenu';
import { DashboardGrid } from './DashboardGrid';
import { ROW_PITCH_PX } from './grid_sizes';
import { DashboardLinks } from './DashboardLinks';
import { PanelBox } from './PanelBox';
import { repeatValues } from './repeat_values';
import { ScopeContext } from './scope';
import { readOnly } from './standalone';
import { Toolbar } from './Toolbar';
import { useAnnotating } from './useAnnotating';
import { ChangeNote, Presence } from './LiveNotes';
import { useDashboard, type Loaded } from './useDashboard';
import { LiveContext, useLive, type Live } from './useLive';
import { usePage, type Page } from './usePage';
import { useRefresh } from './useRefresh';
import { useShortcuts } from './useShortcuts';
import { settable, VariableBar } from './VariableBar';

const VIEW_MARGIN_PX = 24;

// Whoever only looks at a dashboard does not wait for what edits it.
const PanelEditor = lazy(() => import('../edit/PanelEditor').then((module) => ({ default: module.PanelEditor })));
const SettingsPage = lazy(() => import('../edit/SettingsPage').then((module) => ({ default: module.SettingsPage })));
const AnnotationDrawer = lazy(() => import('./AnnotationDrawer').then((module) => ({ default: module.AnnotationDrawer })));
const SaveDrawer = lazy(() => import('../edit/SaveDrawer').then((module) => ({ default: module.SaveDrawer })));

function findViewed(panels: readonly Panel[], wanted: string | null): Panel | undefined {
  if (!wanted) return undefined;
  const key = wanted.replace(/^panel-/, '');
  return panels.flatMap((panel) => [panel, ...panel.panels]).find((panel) => panel.key === key && panel.type !== 'row');
}

const BARS_HEIGHT_PX = 120;
const MARGINS_HEIGHT_PX = 48;

/** As many rows of the grid as the window has room for. */
const visibleRows = (isKiosk: boolean): number => Math.floor((window.innerHeight - MARGINS_HEIGHT_PX - (isKiosk ? 0 : BARS_HEIGHT_PX)) / ROW_PITCH_PX);

export function Panels({ page, viewed }: { page: Page; viewed: string | null }) {
  const [measure, { width }] = useElementSize();
  const { search } = useAddress();
  const { isEditing } = useEditing();
  const edited = isEditing ? search.get('editPanel') : null;
  const { dashboard, state } = page;
  const panels = useMemo(() => expandRepeats(dashboard.panels, repeatValues(state.variables ?? [])), [dashboard, state.variables]);
  const isFit = search.has('autofitpanels') && search.get('autofitpanels') !== 'false';
  const sections = useMemo(() => buildSections(isFit ? fitPanels(panels, visibleRows(search.has('kiosk'))) : panels), [panels, isFit, search]);
  const single = findViewed(panels, viewed);
  const editedPanel = findViewed(panels, edited);
  // A frame is as high as its page made it.
  const viewHeight = search.has('panelId') ? window.innerHeight : Math.max(320, window.innerHeight - 150) - VIEW_MARGIN_PX;
  if (!state.variables) return <LoadingState label="Loading variables" />;
  if (editedPanel) {
    return (
      <Suspense fallback={<LoadingState label="Loading the editor" />}>
        <PanelEditor key={editedPanel.key} panel={editedPanel} />
      </Suspense>
    );
  }
  if (panels.length === 0) {
    return (
      <EmptyState icon="apps" title="This dashboard has no panels">
        {isEditing && <p>Add puts the first one here.</p>}
      </EmptyState>
    );
  }
  return (
    <div ref={measure} className="panels">
      {single && width > 0 && (
        <PanelBox key={single.key} panel={single} width={width} height={viewHeight} isActive isViewed />
      )}
      {viewed && !single && <EmptyState icon="question-circle" title={`There is no panel ${viewed} on this dashboard`} />}
      {!viewed && <DashboardGrid sections={sections} widthPx={width} />}
    </div>
  );
}

function crumbsOf(dashboard: Dashboard, { folderTitle, folderUid }: Loaded['meta']): Crumb[] {
  const folder = folderUid ? [{ title: folderTitle, href: `/dashboards/f/${encodeURIComponent(folderUid)}` }] : [];
  return [{ title: 'Dashboards', href: '/dashboards' }, ...folder, { title: dashboard.title }];
}

interface ViewProps {
  loaded: Loaded;
  onReload: () => void;
}

/** Variables, annotations and links: those above the panels, or those in the menu. */
function ChosenControls({ page, isInMenu }: { page: Page; isInMenu: boolean }) {
  const { annotations, links } = page.dashboard;
  return (
    <>
      <VariableBar variables={settable(page.variables, isInMenu)} errors={page.state.errors} />
      <AnnotationBar annotations={switchable(annotations).filter((one) => one.isInMenu === isInMenu)} off={page.annotationsOff} onToggle={page.toggleAnnotation} />
      <DashboardLinks links={links.filter((one) => one.isInMenu === isInMenu)} />
    </>
  );
}

function Controls({ page, meta, isSaving, viewers, onEdit, onSave }: { page: Page; meta: Loaded['meta']; isSaving: boolean; viewers: Live['viewers']; onEdit: (isEditing: boolean) => void; onSave: () => void }) {
  const { search } = useAddress();
  const { settings } = useSession();
  const { dashboard } = page;
  const hasMenu = settable(page.variables, true).length > 0 || switchable(dashboard.annotations).some((one) => one.isInMenu) || dashboard.links.some((one) => one.isInMenu);
  const isInside = search.has('viewPanel') || search.has('editPanel') || search.has('editview');
  return (
    <div className="controls" aria-busy={isSaving}>
      <ChosenControls page={page} isInMenu={false} />
      {hasMenu && (
        <ControlsMenu>
          <ChosenControls page={page} isInMenu />
        </ControlsMenu>
      )}
      <Presence viewers={viewers} />
      <EditBar meta={meta} onEdit={onEdit} onSave={onSave} />
      <Toolbar
        timeRange={page.timeRange}
        timeZone={page.timeZone}
        fiscalYearStartMonth={dashboard.fiscalYearStartMonth}
        weekStart={page.weekStart}
        refresh={page.refresh}
        refreshIntervals={dashboard.refreshIntervals}
        quickRanges={dashboard.quickRanges}
        refreshIntervalMin={settings.refreshIntervalMin}
        isTimeHidden={dashboard.timepickerHidden}
        isViewing={isInside}
        onRefresh={page.turn}
      />
    </div>
  );
}

/** A panel on its way from Explore is put down here, to be saved or not. */
function useBrought({ json, meta }: Loaded, { change }: Editing, onEdit: (isEditing: boolean) => void): void {
  const begun = useRef(json);
  useEffect(() => {
    const panel = meta.canEdit && text(begun.current['uid']) !== '' ? takeBroughtPanel() : undefined;
    if (!panel) return;
    onEdit(true);
    change(addPanel(begun.current, panel).dashboard);
  }, [meta.canEdit, change, onEdit]);
}

function DashboardView({ loaded, onReload }: ViewProps) {
  const { search } = useAddress();
  const { canEdit } = loaded.meta;
  const isNew = text(loaded.json['uid']) === '' && canEdit;
  const wantsEdit = search.has('editPanel') || search.has('editview');
  const [chosen, setIsEditing] = useState(isNew);
  // An address that names an editor opens it, for those who may.
  const isEditing = canEdit && (chosen || (wantsEdit && loaded.json['editable'] !== false));
  const mayEdit = canEdit && (chosen || loaded.json['editable'] !== false);
  const [isSaving, setIsSaving] = useState(false);
  const editing = useHistory(loaded, isEditing);
  useBrought(loaded, editing, setIsEditing);
  const model = useModel(editing.json, editing.library);
  const [cursor, setCursor] = useState<number>();
  const dashboard = useMemo(() => (cursor === undefined ? model : { ...model, graphTooltip: cursor }), [model, cursor]);
  const annotating = useAnnotating(canEdit && dashboard.uid !== '');
  const page = usePage(dashboard, { library: editing.library, annotating });
  const viewed = search.get('viewPanel');
  const settingsView = isEditing ? search.get('editview') : null;
  const isKiosk = search.has('kiosk') && search.get('kiosk') !== 'false';
  const live = useLive(dashboard.uid);
  // A dashboard that does not refresh stands still: its person wants it so.
  const isMoving = page.refreshEveryMs !== undefined;
  useRefresh(page.refreshEveryMs, page.turn);
  const panels = useMemo(() => expandRepeats(dashboard.panels, repeatValues(page.state.variables ?? [])).flatMap((panel) => [panel, ...panel.panels]), [dashboard, page.state.variables]);
  useShortcuts({ scope: page, panels, editing, canEdit: mayEdit, onRefresh: page.turn, onSave: () => setIsSaving(true), onEdit: setIsEditing, onCursor: setCursor, onExemplars: page.turnExemplars });
  useEffect(() => {
    document.title = `${dashboard.title} - Narthex`;
  }, [dashboard.title]);
  useEffect(() => rememberDashboard(dashboard.uid), [dashboard.uid]);
  return (
    <EditContext.Provider value={editing}>
      <LiveContext.Provider value={isMoving ? live.connection : undefined}>
        <ScopeContext.Provider value={page}>
          {!isKiosk && <TopBar crumbs={crumbsOf(dashboard, loaded.meta)} />}
          <main className={isKiosk ? 'dashboard dashboard-kiosk' : 'dashboard'}>
            <h1 className="sr-only">{dashboard.title}</h1>
            {!isKiosk && <Controls page={page} meta={loaded.meta} isSaving={isSaving} viewers={live.viewers} onEdit={setIsEditing} onSave={() => setIsSaving(true)} />}
            <ChangeNote change={live.change} dismiss={live.dismiss} isDirty={editing.isDirty} onReload={onReload} />
            {settingsView === null ? (
              <Panels page={page} viewed={viewed} />
            ) : (
              <Suspense fallback={<LoadingState label="Loading the settings" />}>
                <SettingsPage view={settingsView} onRestored={onReload} />
              </Suspense>
            )}
          </main>
          {isSaving && (
            <Suspense fallback={null}>
              <SaveDrawer meta={loaded.meta} saved={editing.saved} onClose={() => setIsSaving(false)} />
            </Suspense>
          )}
          <ShareDrawers mayPublish={canEdit && dashboard.uid !== ''} />
          {annotating.draft && (
            <Suspense fallback={null}>
              <AnnotationDrawer draft={annotating.draft} onEnd={annotating.end} />
            </Suspense>
          )}
        </ScopeContext.Provider>
      </LiveContext.Provider>
    </EditContext.Provider>
  );
}

/** One panel and nothing else, as a frame of another page shows it. */
function SoloView({ loaded }: { loaded: Loaded }) {
  const { search } = useAddress();
  const editing = useMemo(() => readOnly(loaded.json), [loaded.json]);
  const dashboard = useModel(loaded.json, loaded.library);
  const page = usePage(dashboard, { library: loaded.library });
  useRefresh(page.refreshEveryMs, page.turn);
  return (
    <EditContext.Provider value={editing}>
      <ScopeContext.Provider value={page}>
        <main className="dashboard dashboard-kiosk dashboard-solo">
          <h1 className="sr-only">{dashboard.title}</h1>
          <Panels page={page} viewed={search.get('panelId') ?? ''} />
        </main>
      </ScopeContext.Provider>
    </EditContext.Provider>
  );
}

export function DashboardPage({ uid, snapshotKey = '', isSolo = false }: { uid: string; snapshotKey?: string; isSolo?: boolean }) {
  const { loaded, failure, retry } = useDashboard(uid, snapshotKey);
  if (loaded && isSolo) return <SoloView key={loaded.revision} loaded={loaded} />;
  if (loaded) return <DashboardView key={loaded.revision} loaded={loaded} onReload={retry} />;
  return (
    <>
      <TopBar crumbs={[{ title: 'Dashboards', href: '/dashboards' }]} />
      <main className="page">
        {failure ? (
          <ErrorState title="This dashboard could not be opened" message={failure} onRetry={retry} />
        ) : (
          <LoadingState label="Loading dashboard" />
        )}
      </main>
    </>
  );
}
