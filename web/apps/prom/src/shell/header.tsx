// The bar above every page: where one can go, and how the pages look.
import { Menu, UnstyledButton } from '@mantine/core';
import { useState } from 'react';

import { IconClose, IconDown, IconMenu, Mark } from '../components/icons';
import type { PageName } from '../lib/base_path';
import { Preferences } from './preferences';
import { navigate, PageLink, pageUrl, usePlace } from './router';
import styles from './header.module.css';

const STATUS_PAGES: { page: PageName; title: string }[] = [
  { page: 'status', title: 'Runtime & build' },
  { page: 'tsdb-status', title: 'TSDB status' },
  { page: 'service-discovery', title: 'Service discovery' },
  { page: 'flags', title: 'Command-line flags' },
  { page: 'config', title: 'Configuration' },
];

function StatusMenu({ current }: { current: PageName | undefined }) {
  const shown = STATUS_PAGES.find(({ page }) => page === current);
  return (
    <Menu position="bottom-start" offset={6} width={220}>
      <Menu.Target>
        <UnstyledButton className={styles.link} data-current={shown !== undefined || undefined}>
          Status{shown === undefined ? '' : ` · ${shown.title}`} <IconDown size={14} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {STATUS_PAGES.map(({ page, title }) => (
          <Menu.Item
            key={page}
            component="a"
            href={pageUrl(page)}
            aria-current={page === current ? 'page' : undefined}
            onClick={(event) => {
              if (event.metaKey || event.ctrlKey || event.shiftKey) return;
              event.preventDefault();
              navigate(pageUrl(page));
            }}
          >
            {title}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

const MAIN_PAGES: { page: PageName; title: string }[] = [
  { page: 'query', title: 'Query' },
  { page: 'targets', title: 'Targets' },
];

// Everything in one list, for narrow windows.
function DrawerLinks({ current, onFollow }: { current: PageName | undefined; onFollow: () => void }) {
  return (
    <nav id="all-pages" className={styles.drawer} aria-label="All pages">
      {[...MAIN_PAGES, ...STATUS_PAGES].map(({ page, title }) => (
        <PageLink
          key={page}
          page={page}
          className={styles.drawerLink}
          isCurrent={page === current}
          onFollow={onFollow}
        >
          {title}
        </PageLink>
      ))}
    </nav>
  );
}

export function Header() {
  const { page: current } = usePlace();
  const [isOpen, setOpen] = useState(false);
  return (
    <header className={styles.header}>
      <div className={styles.bar}>
        <PageLink page="query" className={styles.brand}>
          <Mark size={26} />
          <span>Narthex</span>
        </PageLink>
        <nav className={styles.links} aria-label="Pages">
          {MAIN_PAGES.map(({ page, title }) => (
            <PageLink key={page} page={page} className={styles.link} isCurrent={page === current}>
              {title}
            </PageLink>
          ))}
          <StatusMenu current={current} />
        </nav>
        <div className={styles.spacer} />
        <Preferences />
        <UnstyledButton
          className={styles.burger}
          aria-label={isOpen ? 'Close the list of pages' : 'Open the list of pages'}
          aria-expanded={isOpen}
          aria-controls="all-pages"
          onClick={() => setOpen(!isOpen)}
        >
          {isOpen ? <IconClose size={20} /> : <IconMenu size={20} />}
        </UnstyledButton>
      </div>
      {isOpen && <DrawerLinks current={current} onFollow={() => setOpen(false)} />}
    </header>
  );
}
