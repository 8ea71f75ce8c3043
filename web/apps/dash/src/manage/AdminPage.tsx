// Administration: one page with a part for each kind of account.
import { Link } from '../router/Link';
import { ServiceAccounts } from './AccountPages';
import { ManagePage } from './Listing';
import { Members, Users } from './PeoplePages';
import { Teams } from './TeamPages';

export type AdminPart = 'users' | 'members' | 'teams' | 'serviceaccounts';

const PARTS: ReadonlyArray<readonly [part: AdminPart, title: string, href: string]> = [
  ['users', 'Users', '/admin/users'],
  ['members', 'Members', '/org/users'],
  ['teams', 'Teams', '/org/teams'],
  ['serviceaccounts', 'Service accounts', '/org/serviceaccounts'],
];

const CONTENT: Readonly<Record<AdminPart, () => React.ReactNode>> = {
  users: () => <Users />,
  members: () => <Members />,
  teams: () => <Teams />,
  serviceaccounts: () => <ServiceAccounts />,
};

export function AdminPage({ part }: { part: AdminPart }) {
  const title = PARTS.find(([one]) => one === part)?.[1] ?? 'Administration';
  return (
    <ManagePage title={title} crumbs={[{ title: 'Administration', href: '/org/users' }]}>
      <nav className="manage-tabs" aria-label="Administration">
        {PARTS.map(([one, name, href]) => (
          <Link key={one} href={href} {...(one === part ? { 'aria-current': 'page' as const } : {})}>
            {name}
          </Link>
        ))}
      </nav>
      {CONTENT[part]()}
    </ManagePage>
  );
}
