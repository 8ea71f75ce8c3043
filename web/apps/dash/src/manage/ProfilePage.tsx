// What a person can change of their own account.
import { base, changePassword, changeUser, chooseOrganisation, endSignIn, fetchMemberships, fetchSignIns } from '@narthex/grafanaapi';
import { Alert, Button } from '@narthex/vizkit';

import { useSession } from '../session/SessionGate';
import { AddForm, Listing, ManagePage, shownTime, SureButton, textOf, TextField } from './Listing';
import { PreferencesForm } from './PreferencesForm';
import { useLoaded } from './useLoaded';
import { useSending } from './useSending';

function Account() {
  const { user } = useSession();
  const { told, send } = useSending();
  const change = async (form: FormData): Promise<boolean> => {
    await send(() => changeUser({ login: user.login, name: textOf(form, 'name'), email: textOf(form, 'email') }), 'Saved. It shows once the page is loaded anew.');
    // The fields keep what was typed.
    return false;
  };
  const password = (form: FormData): Promise<boolean> => send(() => changePassword(textOf(form, 'old'), textOf(form, 'new')), 'The password is changed.');
  return (
    <>
      {told && <Alert severity={told.isFault ? 'error' : 'success'} title={told.text} />}
      <AddForm label="Account" button="Save" onSend={change}>
        <TextField name="name" label="Name" value={user.name} />
        <TextField name="email" label="Email" type="email" value={user.email} />
      </AddForm>
      <h2>Password</h2>
      <AddForm label="Password" button="Change password" onSend={password}>
        <TextField name="old" label="Old password" type="password" isRequired autoComplete="current-password" />
        <TextField name="new" label="New password" type="password" isRequired autoComplete="new-password" />
      </AddForm>
    </>
  );
}

export function ProfilePage() {
  const { user } = useSession();
  const signIns = useLoaded(fetchSignIns);
  const memberships = useLoaded(fetchMemberships);
  const choose = (orgId: number): void => void memberships.act(() => chooseOrganisation(orgId)).then((isDone) => isDone && window.location.assign(base.add('/')));
  return (
    <ManagePage title="Profile">
      <Account />
      <h2>Preferences</h2>
      <PreferencesForm whose="user" name="Preferences" />
      <h2>Organisations</h2>
      <Listing
        what="organisations"
        icon="building"
        loaded={memberships}
        keyOf={({ orgId }) => orgId}
        columns={[
          { title: 'Name', cell: ({ name }) => name },
          { title: 'Role', cell: ({ role }) => role },
          {
            title: 'Actions',
            cell: ({ orgId, name }) =>
              orgId === user.orgId ? (
                'You work here'
              ) : (
              <Button size="sm" variant="secondary" aria-label={`Work in ${name}`} onClick={() => choose(orgId)}>
                Work here
              </Button>
              ),
          },
        ]}
      />
      <h2>Sessions</h2>
      <Listing
        what="sessions"
        icon="key-skeleton-alt"
        loaded={signIns}
        keyOf={({ id }) => id}
        columns={[
          { title: 'Browser', cell: ({ client }) => client },
          { title: 'Address', cell: ({ address }) => address },
          { title: 'Last seen', cell: ({ seen }) => shownTime(seen) },
          { title: 'Actions', cell: ({ id, isThis, client }) => (isThis ? 'This one' : <SureButton label={`End the session of ${client}`} onSure={() => void signIns.act(() => endSignIn(id))} />) },
        ]}
      />
    </ManagePage>
  );
}
