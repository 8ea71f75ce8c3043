// Users of the server, members of the organisation.
import {
  addMember,
  createPerson,
  deletePerson,
  fetchMembers,
  fetchPeople,
  removeMember,
  ROLES,
  setDisabled,
  setMemberRole,
  setServerAdmin,
  signOutEverywhere,
  type Person,
} from '@narthex/grafanaapi';
import { Button } from '@narthex/vizkit';
import { useState } from 'react';

import { useSession } from '../session/SessionGate';
import { AddForm, ChoiceField, Listing, SureButton, textOf, TextField } from './Listing';
import { PasswordDrawer } from './PasswordDrawer';
import { useLoaded } from './useLoaded';

export const ROLE_CHOICES = ROLES.map((role) => [role, role] as const);

export function RoleSelect({ label, value, onChange }: { label: string; value: string; onChange: (role: string) => void }) {
  return (
    <select aria-label={label} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
      {ROLES.map((role) => (
        <option key={role}>{role}</option>
      ))}
    </select>
  );
}

export function Users() {
  const loaded = useLoaded(fetchPeople);
  const { user: me } = useSession();
  const { act } = loaded;
  const [changing, setChanging] = useState<Person>();
  return (
    <>
      <AddForm
        label="New user"
        button="Add user"
        onSend={(form) => act(() => createPerson({ login: textOf(form, 'login'), name: textOf(form, 'name'), email: textOf(form, 'email'), password: textOf(form, 'password') }))}
      >
        <TextField name="login" label="Login" isRequired />
        <TextField name="name" label="Name" />
        <TextField name="email" label="Email" type="email" />
        <TextField name="password" label="Password" type="password" isRequired autoComplete="new-password" />
      </AddForm>
      <Listing
        what="users"
        icon="users-alt"
        loaded={loaded}
        keyOf={({ id }) => id}
        columns={[
          { title: 'Login', cell: ({ login }) => login },
          { title: 'Name', cell: ({ name }) => name },
          { title: 'Email', cell: ({ email }) => email },
          { title: 'Last seen', cell: ({ seen }) => seen },
          { title: 'Server', cell: ({ isAdmin, isDisabled }) => [isAdmin ? 'Admin' : '', isDisabled ? 'Disabled' : ''].filter(Boolean).join(', ') },
          {
            title: 'Actions',
            cell: (person) => {
              const { id, login, isAdmin, isDisabled } = person;
              return id === me.id ? (
                'You'
              ) : (
                <div className="button-row">
                  <Button size="sm" variant="secondary" aria-label={`${isDisabled ? 'Enable' : 'Disable'} ${login}`} onClick={() => void act(() => setDisabled(id, !isDisabled))}>
                    {isDisabled ? 'Enable' : 'Disable'}
                  </Button>
                  <Button size="sm" variant="secondary" aria-label={`${isAdmin ? 'No admin' : 'Make admin'}: ${login}`} onClick={() => void act(() => setServerAdmin(id, !isAdmin))}>
                    {isAdmin ? 'No admin' : 'Make admin'}
                  </Button>
                  <Button size="sm" variant="secondary" aria-label={`Set password of ${login}`} onClick={() => setChanging(person)}>
                    Set password
                  </Button>
                  <SureButton label={`Sign out ${login} everywhere`} short="Sign out" onSure={() => void act(() => signOutEverywhere(id))} />
                  <SureButton label={`Delete ${login}`} onSure={() => void act(() => deletePerson(id))} />
                </div>
              );
            },
          },
        ]}
      />
      {changing && <PasswordDrawer id={changing.id} login={changing.login} onClose={() => setChanging(undefined)} />}
    </>
  );
}

/** `orgId` undefined: of the organisation that the person works in. */
export function Members({ orgId }: { orgId?: number }) {
  const loaded = useLoaded(() => fetchMembers(orgId));
  const { act } = loaded;
  return (
    <>
      <AddForm label="New member" button="Add member" onSend={(form) => act(() => addMember(textOf(form, 'login'), textOf(form, 'role'), orgId))}>
        <TextField name="login" label="Login or email" isRequired />
        <ChoiceField name="role" label="Role" choices={ROLE_CHOICES} value="Viewer" />
      </AddForm>
      <Listing
        what="members"
        icon="users-alt"
        loaded={loaded}
        keyOf={({ id }) => id}
        columns={[
          { title: 'Login', cell: ({ login }) => login },
          { title: 'Name', cell: ({ name }) => name },
          { title: 'Last seen', cell: ({ seen }) => seen },
          { title: 'Role', cell: ({ id, login, role }) => <RoleSelect label={`Role of ${login}`} value={role} onChange={(next) => void act(() => setMemberRole(id, next, orgId))} /> },
          { title: 'Actions', cell: ({ id, login }) => <SureButton label={`Remove ${login}`} onSure={() => void act(() => removeMember(id, orgId))} /> },
        ]}
      />
    </>
  );
}
