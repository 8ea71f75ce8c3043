import { Card } from '../components/card';
import { EmptyNote } from '../components/states';
import { PageLink } from './router';

export function NotFound() {
  return (
    <Card>
      <EmptyNote title="There is no such page">
        <PageLink page="query">To the query page</PageLink>
      </EmptyNote>
    </Card>
  );
}
