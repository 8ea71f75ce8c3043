// What a page for somebody without an account takes to be there: nobody, and whatever sources the panels name. Pure.
import type { Dashboard } from '@narthex/dashmodel';
import type { FrontendSettings, PublicNote, User } from '@narthex/grafanaapi';
import type { Mark } from '@narthex/runner';

export const VISITOR: User = {
  id: 0,
  login: '',
  name: '',
  email: '',
  isAdmin: false,
  isSignedIn: false,
  orgId: 0,
  orgName: '',
  orgRole: 'None',
  theme: '',
  timezone: '',
  weekStart: '',
  homeDashboardUid: '',
};

// The server knows how often a source is scraped, and lets nobody ask more finely.
const FINEST = { timeInterval: '1ms' };

/** Each source that a panel names, as if it were there: the server finds it, or says in the panel that it is not. */
export function namedSources({ panels }: Pick<Dashboard, 'panels'>): FrontendSettings['dataSources'] {
  const all = panels.flatMap((panel) => [panel, ...panel.panels]);
  const refs = all.flatMap(({ datasource, targets }) => [datasource, ...targets.map((target) => target.datasource)]);
  const types = new Map(refs.flatMap((ref) => (ref?.uid ? [[ref.uid, ref.type ?? '']] : [])));
  const standard = { uid: '', name: '', type: '', isDefault: true, jsonData: FINEST };
  return [standard, ...[...types].map(([uid, type]) => ({ uid, name: uid, type, isDefault: false, jsonData: FINEST }))];
}

export function visitorSettings(dashboard: Pick<Dashboard, 'panels'>): FrontendSettings {
  return { dataSources: namedSources(dashboard), defaultDataSource: '', version: '', refreshIntervalMin: '', defaultTheme: '', user: VISITOR };
}

export function marksOfNotes(notes: readonly PublicNote[]): Mark[] {
  return notes.map(({ timeMs, timeEndMs, panelId, ...one }) => ({
    fromMs: timeMs,
    toMs: timeEndMs,
    title: '',
    ...one,
    ...(panelId > 0 ? { panels: { ids: [panelId], isExcluded: false } } : {}),
  }));
}
