// Who may see, change and administer a folder or a dashboard.
import { fetchMembers, fetchPermissions, fetchTeams, savePermissions, type Permission, type Right, type Subject } from '@narthex/grafanaapi';

import { AddForm, ChoiceField, Listing, SureButton, textOf } from './Listing';
import { useLoaded } from './useLoaded';

const RIGHTS: ReadonlyArray<readonly [Right, string]> = [
  [1, 'View'],
  [2, 'Edit'],
  [4, 'Admin'],
];
const ROLES = ['Viewer', 'Editor'] as const;
const RIGHT_CHOICES = RIGHTS.map(([right, name]) => [String(right), name] as const);

const rightIn = (value: string): Right => RIGHTS.find(([right]) => String(right) === value)?.[0] ?? 1;
const isSame = (a: Permission, b: Permission): boolean => a.role === b.role && a.teamId === b.teamId && a.userId === b.userId && a.isInherited === b.isInherited;
const nameOf = (right: Right): string => RIGHTS.find(([one]) => one === right)?.[1] ?? '';

/** Whom it can be given to, by a word that names the kind and the number. */
function useHolders() {
  const { value } = useLoaded(async () => {
    // Whoever administers a folder need not see all teams, or all members.
    const [teams, members] = await Promise.all([fetchTeams().catch(() => []), fetchMembers().catch(() => [])]);
    return { teams, members };
  });
  const { teams = [], members = [] } = value ?? {};
  return [
    ...ROLES.map((role) => [`role:${role}`, `Everybody with the role ${role}`] as const),
    ...teams.map(({ id, name }) => [`team:${id}`, `Team ${name}`] as const),
    ...members.map(({ id, login }) => [`user:${id}`, login] as const),
  ];
}

function permissionFor(holder: string, right: Right): Permission {
  const [kind = '', value = ''] = holder.split(':');
  const none = { role: '', teamId: 0, userId: 0, holder: '', right, isInherited: false };
  if (kind === 'role') return { ...none, role: value };
  return kind === 'team' ? { ...none, teamId: Number(value) } : { ...none, userId: Number(value) };
}

export function PermissionsForm({ subject }: { subject: Subject }) {
  const loaded = useLoaded(() => fetchPermissions(subject));
  const holders = useHolders();
  const { act, value = [] } = loaded;
  const save = (next: Permission[]): Promise<boolean> => act(() => savePermissions(subject, next));
  const others = (one: Permission): Permission[] => value.filter((other) => !isSame(other, one));
  return (
    <>
      <AddForm
        label="New permission"
        button="Add permission"
        onSend={(form) => {
          const added = permissionFor(textOf(form, 'holder'), rightIn(textOf(form, 'right')));
          return save([...others(added), added]);
        }}
      >
        <ChoiceField name="holder" label="For" choices={holders} />
        <ChoiceField name="right" label="May" choices={RIGHT_CHOICES} value="1" />
      </AddForm>
      <Listing
        what="permissions"
        icon="lock"
        loaded={loaded}
        keyOf={({ role, teamId, userId, isInherited }) => `${role}/${teamId}/${userId}/${isInherited}`}
        hint="Without any, administrators alone see it."
        columns={[
          { title: 'For', cell: ({ holder }) => holder },
          {
            title: 'May',
            cell: (one) =>
              one.isInherited ? (
                `${nameOf(one.right)}, from the folder`
              ) : (
                <select aria-label={`Right of ${one.holder}`} value={one.right} onChange={(event) => void save([...others(one), { ...one, right: rightIn(event.currentTarget.value) }])}>
                  {RIGHTS.map(([right, name]) => (
                    <option key={right} value={right}>
                      {name}
                    </option>
                  ))}
                </select>
              ),
          },
          { title: 'Actions', cell: (one) => !one.isInherited && <SureButton label={`Remove ${one.holder}`} onSure={() => void save(others(one))} /> },
        ]}
      />
    </>
  );
}
