import type { SearchHit } from '@narthex/grafanaapi';
import { Icon, Tag } from '@narthex/vizkit';

import { Link } from '../router/Link';

export function DashboardCard({ hit }: { hit: SearchHit }) {
  return (
    <Link href={hit.url} className="dashboard-card">
      <span className="dashboard-card-icon">
        <Icon name="apps" size="lg" />
      </span>
      <span className="dashboard-card-text">
        <strong>{hit.title}</strong>
        {hit.folderTitle && <small>{hit.folderTitle}</small>}
      </span>
      <span className="dashboard-card-tags">
        {hit.tags.map((tag) => (
          <Tag key={tag} name={tag} />
        ))}
      </span>
    </Link>
  );
}
