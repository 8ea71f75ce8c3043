// The bar above every page: where one is, the theme, the person.
import { Fragment } from 'react';
import { Dropdown, Menu } from '@narthex/vizkit';
import { base, savePreferences, signOutPath, type User } from '@narthex/grafanaapi';

import { Logo } from '../components/Logo';
import { ADMIN_PARTS, adminPartsFor } from '../manage/admin_parts';
import { Link } from '../router/Link';
import { administersOrganisation } from '../session/rights';
import { useSession } from '../session/SessionGate';
import { useThemeChoice } from '../theme/AppTheme';
import type { ThemePreference } from '../theme/preference';

export interface Crumb {
  title: string;
  href?: string;
}

const THEMES: ReadonlyArray<{ id: ThemePreference; label: string }> = [
  { id: 'dark', label: 'Dark' },
  { id: 'light', label: 'Light' },
  { id: 'system', label: 'As the system' },
];

function HalfDisc() {
  return (
    <svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true">
      <circle cx="9" cy="9" r="7" fill="none" stroke="currentColor" strokeWidth="1.6" />
      <path d="M9 2a7 7 0 0 1 0 14z" fill="currentColor" />
    </svg>
  );
}

function ThemeMenu() {
  const { preference, choose } = useThemeChoice();
  const { user } = useSession();
  const items = (
    <Menu ariaLabel="Theme">
      {THEMES.map(({ id, label }) => (
        <Menu.Item
          key={id}
          label={label}
          // The component writes aria-checked from its own property.
          // eslint-disable-next-line jsx-a11y/role-has-required-aria-props
          role="menuitemradio"
          active={preference === id}
          ariaChecked={preference === id}
          testId={`theme-${id}`}
          onClick={() => {
            choose(id);
            keepTheme(user, id);
          }}
        />
      ))}
    </Menu>
  );
  return (
    <Dropdown overlay={items} placement="bottom-end">
      <button type="button" className="icon-button" aria-label="Theme" data-testid="theme-menu">
        <HalfDisc />
      </button>
    </Dropdown>
  );
}

const MAIN_PAGES = [
  { label: 'Dashboards', href: '/dashboards' },
  { label: 'Explore', href: '/explore' },
];

/** The pages of a person's menu; administration for those who administer something. */
function accountPages(user: User): Array<{ label: string; href: string }> {
  const [admin] = adminPartsFor(user);
  return [
    ...(user.isSignedIn ? [{ label: 'Profile', href: '/profile' }] : []),
    { label: 'Playlists', href: '/playlists' },
    ...(user.isSignedIn ? [{ label: 'Library panels', href: '/library-panels' }] : []),
    ...(user.isSignedIn ? [{ label: 'Snapshots', href: '/dashboard/snapshots' }] : []),
    ...(administersOrganisation(user) ? [{ label: 'Data sources', href: '/connections/datasources' }] : []),
    ...(admin ? [{ label: 'Administration', href: ADMIN_PARTS[admin].href }] : []),
  ];
}

/** Goes with the person: kept by the server, too. A change that it does not take holds in this browser. */
function keepTheme(user: User, theme: ThemePreference): void {
  if (user.isSignedIn) savePreferences('user', { theme }).catch(() => {});
}

function UserMenu() {
  const { user, settings } = useSession();
  const items = (
    <Menu
      ariaLabel="User"
      header={
        <div className="user-menu-header">
          <strong>{user.isSignedIn ? user.name : 'Visitor'}</strong>
          <span>{user.login}</span>
          <span>{user.orgName}</span>
        </div>
      }
    >
      {/* The bar of a narrow window has no room for them. */}
      {MAIN_PAGES.map(({ label, href }) => (
        <Menu.Item key={href} label={label} url={base.add(href)} className="is-for-narrow" />
      ))}
      {accountPages(user).map(({ label, href }) => (
        <Menu.Item key={href} label={label} url={base.add(href)} />
      ))}
      {user.isSignedIn ? (
        <Menu.Item label="Sign out" icon="signout" url={signOutPath} onClick={() => window.location.assign(signOutPath)} />
      ) : (
        <Menu.Item label="Sign in" icon="user" url={base.add('/login')} />
      )}
      <div className="user-menu-version">Narthex, API {settings.version}</div>
    </Menu>
  );
  return (
    <Dropdown overlay={items} placement="bottom-end">
      <button type="button" className="avatar" aria-label={user.isSignedIn ? `Signed in as ${user.login}` : 'Not signed in'} data-testid="user-menu">
        {user.login.slice(0, 1).toUpperCase() || '?'}
      </button>
    </Dropdown>
  );
}

export function TopBar({ crumbs }: { crumbs: readonly Crumb[] }) {
  return (
    <header className="top-bar">
      <Link href="/" className="brand" aria-label="Narthex, home">
        <Logo size={28} />
        <span>Narthex</span>
      </Link>
      <nav className="crumbs" aria-label="Breadcrumbs">
        <ol>
          {crumbs.map(({ title, href }, index) => (
            <Fragment key={title}>
              {index > 0 && (
                <li aria-hidden="true" className="crumb-separator">
                  /
                </li>
              )}
              <li className={index === crumbs.length - 1 ? 'crumb-here' : 'crumb'}>
                {href ? <Link href={href}>{title}</Link> : <span aria-current="page">{title}</span>}
              </li>
            </Fragment>
          ))}
        </ol>
      </nav>
      <nav className="main-nav" aria-label="Main">
        {MAIN_PAGES.map(({ label, href }) => (
          <Link key={href} href={href}>
            {label}
          </Link>
        ))}
      </nav>
      <ThemeMenu />
      <UserMenu />
    </header>
  );
}
