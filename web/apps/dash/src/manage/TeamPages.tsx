// Teams and who is in them.
import { addTeamMember, createTeam, deleteTeam, fetchMembers, fetchTeamMembers, fetchTeams, removeTeamMember, type Team } from '@narthex/grafanaapi';
import { Button, IconButton } from '@narthex/vizkit';
import { useState } from 'react';

import { AddForm, ChoiceField, Listing, SureButton, textOf, TextField } from './Listing';
import { PreferencesForm } from './PreferencesForm';
import { useLoaded } from './useLoaded';

function TeamMembers({ team, onChange }: { team: Team; onChange: () => void }) {
  const loaded = useLoaded(async () => {
    const [members, everyone] = await Promise.all([fetchTeamMembers(team.id), fetchMembers()]);
    return { members, others: everyone.filter(({ id }) => !members.some((member) => member.id === id)) };
  });
  const change = async (what: () => Promise<void>): Promise<boolean> => {
    const isDone = await loaded.act(what);
    if (isDone) onChange();
    return isDone;
  };
  const { members = [], others = [] } = loaded.value ?? {};
  return (
    <section aria-label={`Members of ${team.name}`}>
      {(loaded.failure || loaded.fault) && <p role="alert">{loaded.failure || loaded.fault}</p>}
      <ul className="manage-list">
        {members.map(({ id, login }) => (
          <li key={id}>
            {login}
            <IconButton name="trash-alt" tooltip={`Take ${login} out of ${team.name}`} onClick={() => void change(() => removeTeamMember(team.id, id))} />
          </li>
        ))}
      </ul>
      {others.length > 0 && (
        <AddForm label={`New member of ${team.name}`} button="Add" onSend={(form) => change(() => addTeamMember(team.id, Number(textOf(form, 'user'))))}>
          <ChoiceField name="user" label="Member of the organisation" choices={others.map(({ id, login }) => [String(id), login] as const)} />
        </AddForm>
      )}
    </section>
  );
}

export function Teams() {
  const loaded = useLoaded(fetchTeams);
  const [opened, setOpened] = useState<number>();
  const [preferring, setPreferring] = useState<number>();
  const { act, reload } = loaded;
  return (
    <>
      <AddForm label="New team" button="Add team" onSend={(form) => act(() => createTeam(textOf(form, 'name'), textOf(form, 'email')))}>
        <TextField name="name" label="Name" isRequired />
        <TextField name="email" label="Email" type="email" />
      </AddForm>
      <Listing
        what="teams"
        icon="users-alt"
        loaded={loaded}
        keyOf={({ id }) => id}
        columns={[
          { title: 'Name', cell: ({ name }) => name },
          { title: 'Email', cell: ({ email }) => email },
          {
            title: 'Members',
            cell: (team) => (
              <>
                <Button size="sm" variant="secondary" aria-expanded={opened === team.id} onClick={() => setOpened(opened === team.id ? undefined : team.id)}>
                  {team.memberCount === 1 ? '1 member' : `${team.memberCount} members`}
                </Button>
                {opened === team.id && <TeamMembers team={team} onChange={reload} />}
              </>
            ),
          },
          {
            title: 'Preferences',
            cell: ({ id, name }) => (
              <>
                <Button size="sm" variant="secondary" aria-expanded={preferring === id} aria-label={`Preferences of ${name}`} onClick={() => setPreferring(preferring === id ? undefined : id)}>
                  Preferences
                </Button>
                {preferring === id && <PreferencesForm whose={{ teamId: id }} name={`Preferences of ${name}`} />}
              </>
            ),
          },
          { title: 'Actions', cell: ({ id, name }) => <SureButton label={`Delete ${name}`} onSure={() => void act(() => deleteTeam(id))} /> },
        ]}
      />
    </>
  );
}
