// What a person, a team or an organisation prefers.
import { fetchPreferences, savePreferences, type Preferences, type Whose } from '@narthex/grafanaapi';
import { Alert } from '@narthex/vizkit';
import { useState } from 'react';

import { ErrorState, LoadingState } from '../components/states';
import { useSearchHits } from '../pages/useSearchHits';
import { useThemeChoice } from '../theme/AppTheme';
import { isPreference } from '../theme/preference';
import { AddForm, ChoiceField, textOf } from './Listing';
import { useLoaded } from './useLoaded';
import { zoneChoices } from './zones';

type Choices = ReadonlyArray<readonly [value: string, label: string]>;

const THEMES: Choices = [['', 'Default'], ['dark', 'Dark'], ['light', 'Light'], ['system', 'As the system']];
const WEEK_STARTS: Choices = [['', 'Default'], ['monday', 'Monday'], ['saturday', 'Saturday'], ['sunday', 'Sunday']];

/** A value that is none of the choices stays one. */
const withOwn = (choices: Choices, value: string): Choices => (choices.some(([one]) => one === value) ? choices : [...choices, [value, value]]);

function readForm(form: FormData): Preferences {
  return { theme: textOf(form, 'theme'), timezone: textOf(form, 'timezone'), weekStart: textOf(form, 'weekStart'), homeDashboardUid: textOf(form, 'home') };
}

/** `name` tells several such forms on a page apart. */
export function PreferencesForm({ whose, name }: { whose: Whose; name: string }) {
  const loaded = useLoaded(() => fetchPreferences(whose));
  const { hits } = useSearchHits();
  const { adopt } = useThemeChoice();
  const [isSaved, setIsSaved] = useState(false);
  const { value, failure, fault, act, reload } = loaded;
  if (failure !== '') return <ErrorState title="The preferences could not be read" message={failure} onRetry={reload} />;
  if (!value) return <LoadingState label="Loading preferences" />;
  const dashboards: Choices = [['', 'Default'], ...(hits ?? []).filter(({ type }) => type === 'dash-db').map(({ uid, title, folderTitle }) => [uid, folderTitle ? `${folderTitle} / ${title}` : title] as const)];
  const save = async (form: FormData): Promise<boolean> => {
    const next = readForm(form);
    setIsSaved(false);
    const isDone = await act(() => savePreferences(whose, next));
    setIsSaved(isDone);
    if (isDone && whose === 'user' && isPreference(next.theme)) adopt(next.theme);
    // The fields keep what was chosen.
    return false;
  };
  return (
    <>
      {fault !== '' && <Alert severity="error" title={fault} />}
      {isSaved && <Alert severity="success" title="Saved. Pages that are loaded from now on follow it." />}
      <AddForm key={JSON.stringify([value, hits?.length])} label={name} button="Save preferences" onSend={save}>
        <ChoiceField name="theme" label="Theme" choices={THEMES} value={value.theme} />
        <ChoiceField name="home" label="Home dashboard" choices={withOwn(dashboards, value.homeDashboardUid)} value={value.homeDashboardUid} />
        <ChoiceField name="timezone" label="Time zone" choices={withOwn(zoneChoices(), value.timezone)} value={value.timezone} />
        <ChoiceField name="weekStart" label="Week starts on" choices={WEEK_STARTS} value={value.weekStart} />
      </AddForm>
    </>
  );
}
