// Administration: one page with a part for each kind of thing, of which people see those that they may use.
import { EmptyState } from '../components/states';
import { Link } from '../router/Link';
import { useSession } from '../session/SessionGate';
import { ADMIN_PARTS, adminPartsFor, type AdminPart } from './admin_parts';
import { ServiceAccounts } from './AccountPages';
import { ManagePage } from './Listing';
import { Organisations, OwnOrganisation } from './OrganisationPages';
import { Members, Users } from './PeoplePages';
import { ProvisionedFiles, ServerSettings } from './ServerPages';
import { Teams } from './TeamPages';

const CONTENT: Readonly<Record<AdminPart, () => React.ReactNode>> = {
  organisation: () => <OwnOrganisation />,
  members: () => <Members />,
  teams: () => <Teams />,
  serviceaccounts: () => <ServiceAccounts />,
  users: () => <Users />,
  organisations: () => <Organisations />,
  settings: () => <ServerSettings />,
  provisioning: () => <ProvisionedFiles />,
};

export function AdminPage({ part }: { part: AdminPart }) {
  const { user } = useSession();
  const allowed = adminPartsFor(user);
  const { title } = ADMIN_PARTS[part];
  const isAllowed = allowed.includes(part);
  return (
    <ManagePage title={title} crumbs={[{ title: 'Administration', ...(allowed[0] && allowed[0] !== part ? { href: ADMIN_PARTS[allowed[0]].href } : {}) }]}>
      {allowed.length > 0 && (
        <nav className="manage-tabs" aria-label="Administration">
          {allowed.map((one) => (
            <Link key={one} href={ADMIN_PARTS[one].href} {...(one === part ? { 'aria-current': 'page' as const } : {})}>
              {ADMIN_PARTS[one].title}
            </Link>
          ))}
        </nav>
      )}
      {isAllowed ? CONTENT[part]() : <EmptyState icon="lock" title="Your role does not let you see this page" />}
    </ManagePage>
  );
}
