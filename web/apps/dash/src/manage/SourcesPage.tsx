// The data sources of the organisation.
import { base, createSource, fetchSources } from '@narthex/grafanaapi';
import { LinkButton, Tag } from '@narthex/vizkit';

import { EmptyState } from '../components/states';
import { Link } from '../router/Link';
import { navigate } from '../router/location';
import { administersOrganisation } from '../session/rights';
import { useSession } from '../session/SessionGate';
import { AddForm, ChoiceField, Listing, ManagePage, textOf, TextField } from './Listing';
import { useLoaded } from './useLoaded';

export const sourceHref = (uid: string): string => `/connections/datasources/edit/${encodeURIComponent(uid)}`;
const exploreHref = (uid: string): string => `/explore?${new URLSearchParams({ schemaVersion: '1', panes: JSON.stringify({ a: { datasource: uid, queries: [{ refId: 'A', expr: '' }], range: { from: 'now-1h', to: 'now' } } }) })}`;

const TYPES = [
  ['prometheus', 'Prometheus'],
  ['alertmanager', 'Alertmanager'],
] as const;

function Sources() {
  const loaded = useLoaded(fetchSources);
  const { renew } = useSession();
  const add = async (form: FormData): Promise<boolean> => {
    let made = '';
    const isDone = await loaded.act(async () => {
      made = await createSource({ name: textOf(form, 'name'), type: textOf(form, 'type'), url: textOf(form, 'url') });
    });
    if (!isDone) return false;
    renew?.();
    navigate(sourceHref(made));
    return true;
  };
  return (
    <>
      <AddForm label="New data source" button="Add data source" onSend={add}>
        <ChoiceField name="type" label="Type" choices={TYPES} value="prometheus" />
        <TextField name="name" label="Name" isRequired />
        <TextField name="url" label="URL" value="http://localhost:9090" isRequired />
      </AddForm>
      <Listing
        what="data sources"
        icon="database"
        loaded={loaded}
        keyOf={({ uid }) => uid}
        hint="A data source is where panels ask for their data: a Prometheus, for instance."
        columns={[
          {
            title: 'Name',
            cell: ({ uid, name, isDefault, isReadOnly }) => (
              <span className="button-row">
                <Link href={sourceHref(uid)}>{name}</Link>
                {isDefault && <Tag name="default" />}
                {isReadOnly && <Tag name="from a file" />}
              </span>
            ),
          },
          { title: 'Type', cell: ({ typeName }) => typeName },
          { title: 'URL', cell: ({ url }) => <span className="manage-value">{url}</span> },
          {
            title: 'Actions',
            cell: ({ uid, name, type }) =>
              type === 'prometheus' && (
                <div className="button-row">
                  <LinkButton size="sm" variant="secondary" href={base.add(exploreHref(uid))} aria-label={`Explore ${name}`}>
                    Explore
                  </LinkButton>
                  <LinkButton size="sm" variant="secondary" href={base.add(`/dashboard/generate?ds=${encodeURIComponent(uid)}`)} aria-label={`Build a dashboard of ${name}`}>
                    Build a dashboard
                  </LinkButton>
                </div>
              ),
          },
        ]}
      />
    </>
  );
}

export function SourcesPage() {
  const { user } = useSession();
  return <ManagePage title="Data sources">{administersOrganisation(user) ? <Sources /> : <EmptyState icon="lock" title="Your role does not let you see this page" />}</ManagePage>;
}
