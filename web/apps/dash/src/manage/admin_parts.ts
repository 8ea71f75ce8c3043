// The parts of the administration, and who may use which. Pure.
import type { User } from '@narthex/grafanaapi';

import { administersOrganisation, administersServer } from '../session/rights';

export type AdminPart = 'organisation' | 'members' | 'teams' | 'serviceaccounts' | 'users' | 'organisations' | 'settings' | 'provisioning';

interface Part {
  title: string;
  href: string;
  isServerWide: boolean;
}

/** In the order in which they are shown. */
export const ADMIN_PARTS: Readonly<Record<AdminPart, Part>> = {
  organisation: { title: 'Organisation', href: '/org', isServerWide: false },
  members: { title: 'Members', href: '/org/users', isServerWide: false },
  teams: { title: 'Teams', href: '/org/teams', isServerWide: false },
  serviceaccounts: { title: 'Service accounts', href: '/org/serviceaccounts', isServerWide: false },
  users: { title: 'Users', href: '/admin/users', isServerWide: true },
  organisations: { title: 'Organisations', href: '/admin/orgs', isServerWide: true },
  settings: { title: 'Settings', href: '/admin/settings', isServerWide: true },
  provisioning: { title: 'Provisioning', href: '/admin/provisioning', isServerWide: true },
};

const PARTS: readonly AdminPart[] = ['organisation', 'members', 'teams', 'serviceaccounts', 'users', 'organisations', 'settings', 'provisioning'];

export const adminPartAt = (path: string): AdminPart | undefined => PARTS.find((part) => ADMIN_PARTS[part].href === path);

export const adminPartsFor = (user: Pick<User, 'isAdmin' | 'isSignedIn' | 'orgRole'>): AdminPart[] =>
  PARTS.filter((part) => (ADMIN_PARTS[part].isServerWide ? administersServer(user) : administersOrganisation(user)));
