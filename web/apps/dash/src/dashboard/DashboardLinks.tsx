// The links of a dashboard: to an address, or to the dashboards that carry some tags.
import type { DashboardLink } from '@narthex/dashmodel';
import { base, searchDashboards, type SearchHit } from '@narthex/grafanaapi';
import { panelLookup } from '@narthex/runner';
import { interpolate } from '@narthex/vars';
import { Dropdown, LinkButton, Menu, ToolbarButton, type IconName } from '@narthex/vizkit';
import { useEffect, useState } from 'react';

import { linkTo } from '../router/link_to';
import { useScope } from './scope';

const ICONS: Readonly<Record<string, IconName>> = {
  'external link': 'external-link-alt',
  dashboard: 'apps',
  question: 'question-circle',
  info: 'info-circle',
  bolt: 'bolt',
  doc: 'file-alt',
  cloud: 'cloud',
};

/** The address with the range and the variables of this page, where the link carries them on. */
export function carriedUrl(url: string, { keepTime, includeVars }: DashboardLink, write: (text: string) => string): string {
  const search = new URLSearchParams(window.location.search);
  const time = ['from', 'to'].flatMap((key) => (search.has(key) ? [`${key}=${encodeURIComponent(search.get(key) ?? '')}`] : []));
  const extra = [...(keepTime ? (time.length > 0 ? time : ['${__url_time_range}']) : []), ...(includeVars ? ['${__all_variables}'] : [])].join('&');
  return write(extra === '' ? url : `${url}${url.includes('?') ? '&' : '?'}${extra}`);
}

function useTagged({ type, tags }: DashboardLink): SearchHit[] {
  const [hits, setHits] = useState<SearchHit[]>([]);
  const key = tags.join(',');
  useEffect(() => {
    if (type !== 'dashboards') return undefined;
    let isCurrent = true;
    searchDashboards()
      .then((all) => isCurrent && setHits(all.filter((hit) => hit.type === 'dash-db' && key.split(',').every((tag) => tag === '' || hit.tags.includes(tag)))))
      // A link that cannot be listed is no reason to disturb the page.
      .catch(() => {});
    return () => {
      isCurrent = false;
    };
  }, [type, key]);
  return hits;
}

const target = ({ targetBlank }: DashboardLink) => (targetBlank ? { target: '_blank' as const, rel: 'noreferrer' } : {});

function Link({ link }: { link: DashboardLink }) {
  const scope = useScope();
  const write = (text: string): string => interpolate(text, { lookup: panelLookup(scope.variables, {}, scope.builtins) });
  const hits = useTagged(link);
  if (link.type !== 'dashboards') {
    return (
      <LinkButton variant="secondary" size="sm" icon={ICONS[link.icon] ?? 'external-link-alt'} href={linkTo(carriedUrl(link.url, link, write))} tooltip={write(link.tooltip)} {...target(link)}>
        {write(link.title) || link.url}
      </LinkButton>
    );
  }
  if (!link.asDropdown) {
    return hits.map((hit) => (
      <LinkButton key={hit.uid} variant="secondary" size="sm" icon="apps" href={base.add(carriedUrl(hit.url, link, write))} {...target(link)}>
        {hit.title}
      </LinkButton>
    ));
  }
  const items = (
    <Menu>
      {hits.map((hit) => (
        <Menu.Item key={hit.uid} label={hit.title} url={base.add(carriedUrl(hit.url, link, write))} {...target(link)} />
      ))}
    </Menu>
  );
  return (
    <Dropdown overlay={items}>
      <ToolbarButton variant="canvas" icon={link.icon === '' ? 'bars' : (ICONS[link.icon] ?? 'bars')} isOpen={false} {...(link.tooltip === '' ? {} : { tooltip: write(link.tooltip) })}>
        {write(link.title) || 'Dashboards'}
      </ToolbarButton>
    </Dropdown>
  );
}

export function DashboardLinks({ links }: { links: readonly DashboardLink[] }) {
  if (links.length === 0) return null;
  return (
    <nav className="dashboard-links" aria-label="Links of the dashboard">
      {links.map((link, index) => (
        <Link key={`${link.title}/${index}`} link={link} />
      ))}
    </nav>
  );
}
