// Service accounts: what programs sign in with, by tokens.
import { changeServiceAccount, createServiceAccount, createToken, deleteServiceAccount, deleteToken, fetchServiceAccounts, fetchTokens, type ServiceAccount } from '@narthex/grafanaapi';
import { Alert, Button } from '@narthex/vizkit';
import { useState } from 'react';

import { AddForm, ChoiceField, Listing, shownTime, SureButton, textOf, TextField } from './Listing';
import { ROLE_CHOICES, RoleSelect } from './PeoplePages';
import { useLoaded } from './useLoaded';

const DAY_S = 86_400;

function Tokens({ account, onChange }: { account: ServiceAccount; onChange: () => void }) {
  const loaded = useLoaded(async () => fetchTokens(account.id));
  const [made, setMade] = useState('');
  const change = async (what: () => Promise<void>): Promise<boolean> => {
    const isDone = await loaded.act(what);
    if (isDone) onChange();
    return isDone;
  };
  const add = (form: FormData): Promise<boolean> => change(async () => setMade(await createToken(account.id, textOf(form, 'name'), Number(textOf(form, 'days')) * DAY_S)));
  return (
    <section aria-label={`Tokens of ${account.name}`}>
      {(loaded.failure || loaded.fault) && <p role="alert">{loaded.failure || loaded.fault}</p>}
      {made !== '' && (
        <Alert severity="success" title="Copy the token now: it is not shown again">
          <code className="manage-secret">{made}</code>
        </Alert>
      )}
      <ul className="manage-list">
        {(loaded.value ?? []).map(({ id, name, created, expires, hasExpired }) => (
          <li key={id}>
            {name}, made {shownTime(created)}
            {expires === '' ? '' : `, ${hasExpired ? 'ended' : 'until'} ${shownTime(expires)}`}
            <SureButton label={`Revoke ${name}`} onSure={() => void change(() => deleteToken(account.id, id))} />
          </li>
        ))}
      </ul>
      <AddForm label={`New token of ${account.name}`} button="Add token" onSend={add}>
        <TextField name="name" label="Name" isRequired />
        <TextField name="days" label="Days to live, 0 for no end" type="number" value="0" />
      </AddForm>
    </section>
  );
}

export function ServiceAccounts() {
  const loaded = useLoaded(fetchServiceAccounts);
  const [opened, setOpened] = useState<number>();
  const { act, reload } = loaded;
  return (
    <>
      <AddForm label="New service account" button="Add service account" onSend={(form) => act(() => createServiceAccount(textOf(form, 'name'), textOf(form, 'role')))}>
        <TextField name="name" label="Name" isRequired />
        <ChoiceField name="role" label="Role" choices={ROLE_CHOICES} value="Viewer" />
      </AddForm>
      <Listing
        what="service accounts"
        icon="key-skeleton-alt"
        loaded={loaded}
        keyOf={({ id }) => id}
        columns={[
          { title: 'Name', cell: ({ name, isDisabled }) => (isDisabled ? `${name} (disabled)` : name) },
          { title: 'Role', cell: ({ id, name, role }) => <RoleSelect label={`Role of ${name}`} value={role} onChange={(next) => void act(() => changeServiceAccount(id, { role: next }))} /> },
          {
            title: 'Tokens',
            cell: (account) => (
              <>
                <Button size="sm" variant="secondary" aria-expanded={opened === account.id} aria-label={`Tokens of ${account.name}: ${account.tokenCount}`} onClick={() => setOpened(opened === account.id ? undefined : account.id)}>
                  {account.tokenCount === 1 ? '1 token' : `${account.tokenCount} tokens`}
                </Button>
                {opened === account.id && <Tokens account={account} onChange={reload} />}
              </>
            ),
          },
          {
            title: 'Actions',
            cell: ({ id, name, isDisabled }) => (
              <div className="button-row">
                <Button size="sm" variant="secondary" aria-label={`${isDisabled ? 'Enable' : 'Disable'} ${name}`} onClick={() => void act(() => changeServiceAccount(id, { isDisabled: !isDisabled }))}>
                  {isDisabled ? 'Enable' : 'Disable'}
                </Button>
                <SureButton label={`Delete ${name}`} onSure={() => void act(() => deleteServiceAccount(id))} />
              </div>
            ),
          },
        ]}
      />
    </>
  );
}
