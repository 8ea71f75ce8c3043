// The organisation that the person works in, and all organisations of the server.
import { base, chooseOrganisation, createOrganisation, deleteOrganisation, fetchOrganisations, renameOrganisation, type Organisation } from '@narthex/grafanaapi';
import { Alert, Button } from '@narthex/vizkit';
import { useState } from 'react';

import { EmptyState } from '../components/states';
import { administersOrganisation } from '../session/rights';
import { useSession } from '../session/SessionGate';
import { AddForm, Listing, SureButton, textOf, TextField } from './Listing';
import { Members } from './PeoplePages';
import { PreferencesForm } from './PreferencesForm';
import { useLoaded } from './useLoaded';
import { useSending } from './useSending';

export function OwnOrganisation() {
  const { user } = useSession();
  const { told, send } = useSending();
  if (!administersOrganisation(user)) return <EmptyState icon="lock" title="Your role does not let you change the organisation" />;
  const rename = async (form: FormData): Promise<boolean> => {
    await send(() => renameOrganisation(textOf(form, 'name')), 'Saved. It shows once the page is loaded anew.');
    return false;
  };
  return (
    <>
      {told && <Alert severity={told.isFault ? 'error' : 'success'} title={told.text} />}
      <AddForm label="Organisation" button="Save" onSend={rename}>
        <TextField name="name" label="Name" value={user.orgName} isRequired />
      </AddForm>
      <h2>Preferences</h2>
      <p>They hold for every member who has none of their own.</p>
      <PreferencesForm whose="org" name="Preferences of the organisation" />
    </>
  );
}

interface OrganisationActionsProps {
  organisation: Organisation;
  isHere: boolean;
  isOpened: boolean;
  onOpen: () => void;
  act: (change: () => Promise<void>) => Promise<boolean>;
}

function OrganisationActions({ organisation: { id, name }, isHere, isOpened, onOpen, act }: OrganisationActionsProps) {
  const [isRenaming, setIsRenaming] = useState(false);
  const workHere = (): void => void act(() => chooseOrganisation(id)).then((isDone) => isDone && window.location.assign(base.add('/')));
  const rename = (form: FormData): Promise<boolean> =>
    act(() => renameOrganisation(textOf(form, 'name'), id)).then((isDone) => {
      if (isDone) setIsRenaming(false);
      return false;
    });
  return (
    <>
      <div className="button-row">
        <Button size="sm" variant="secondary" aria-expanded={isOpened} aria-label={`Members of ${name}`} onClick={onOpen}>
          Members
        </Button>
        <Button size="sm" variant="secondary" aria-expanded={isRenaming} aria-label={`Rename ${name}`} onClick={() => setIsRenaming(!isRenaming)}>
          Rename
        </Button>
        {!isHere && (
          <>
            <Button size="sm" variant="secondary" aria-label={`Work in ${name}`} onClick={workHere}>
              Work here
            </Button>
            <SureButton label={`Delete ${name}`} onSure={() => void act(() => deleteOrganisation(id))} />
          </>
        )}
      </div>
      {isRenaming && (
        <AddForm label={`Name of ${name}`} button="Save" onSend={rename}>
          <TextField name="name" label="Name" value={name} isRequired />
        </AddForm>
      )}
    </>
  );
}

export function Organisations() {
  const { user } = useSession();
  const loaded = useLoaded(fetchOrganisations);
  const [opened, setOpened] = useState<Organisation>();
  const { act } = loaded;
  return (
    <>
      {!loaded.isForbidden && (
        <AddForm label="New organisation" button="Add organisation" onSend={(form) => act(() => createOrganisation(textOf(form, 'name')))}>
          <TextField name="name" label="Name" isRequired />
        </AddForm>
      )}
      <Listing
        what="organisations"
        icon="building"
        loaded={loaded}
        keyOf={({ id }) => id}
        columns={[
          { title: 'Name', cell: ({ id, name }) => (id === user.orgId ? `${name} (you work here)` : name) },
          {
            title: 'Actions',
            cell: (one) => <OrganisationActions organisation={one} isHere={one.id === user.orgId} isOpened={opened?.id === one.id} onOpen={() => setOpened(opened?.id === one.id ? undefined : one)} act={act} />,
          },
        ]}
      />
      {opened && (
        <section aria-label={`Members of ${opened.name}`}>
          <h2>Members of {opened.name}</h2>
          <Members key={opened.id} orgId={opened.id} />
        </section>
      )}
    </>
  );
}
