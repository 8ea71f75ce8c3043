// /api/folders/:uid/permissions and /api/dashboards/uid/:uid/permissions: who may see, change and administer it.
import { flag, number, records, text, type AnyRecord } from '@narthex/dashmodel/json';

import { request } from './client';

export type Subject = { folderUid: string } | { dashboardUid: string };

/** 1 to see it, 2 to change it, 4 to say who may. */
export type Right = 1 | 2 | 4;

export interface Permission {
  /** One of the three names whom it is for; the others are empty and 0. */
  role: string;
  teamId: number;
  userId: number;
  /** As it is shown. */
  holder: string;
  right: Right;
  /** From a folder above, and changed there. */
  isInherited: boolean;
}

const pathOf = (subject: Subject): string => ('folderUid' in subject ? `/api/folders/${encodeURIComponent(subject.folderUid)}/permissions` : `/api/dashboards/uid/${encodeURIComponent(subject.dashboardUid)}/permissions`);

const rightOf = (value: unknown): Right => (value === 4 ? 4 : value === 2 ? 2 : 1);

function readPermission(one: AnyRecord): Permission {
  const role = text(one['role']);
  const [team, user] = [text(one['team']), text(one['userLogin'])];
  const holder = role !== '' ? `Everybody with the role ${role}` : team !== '' ? `Team ${team}` : user;
  return { role, teamId: number(one['teamId'], 0), userId: number(one['userId'], 0), holder, right: rightOf(one['permission']), isInherited: flag(one['inherited']) };
}

export async function fetchPermissions(subject: Subject): Promise<Permission[]> {
  return records(await request(pathOf(subject))).map(readPermission);
}

const writePermission = ({ role, teamId, userId, right }: Permission): AnyRecord => ({ ...(role !== '' ? { role } : teamId > 0 ? { teamId } : { userId }), permission: right });

/** In the place of all that it has; what is inherited stays where it comes from. */
export async function savePermissions(subject: Subject, permissions: readonly Permission[]): Promise<void> {
  await request(pathOf(subject), { method: 'POST', body: { items: permissions.filter(({ isInherited }) => !isInherited).map(writePermission) } });
}
