// What a panel was given: its data as a table to take along, its queries, its JSON. Which of them is in the address.
import type { Panel } from '@narthex/dashmodel';
import type { PanelPlugin } from '@narthex/panels';
import type { PanelData } from '@narthex/runner';
import { Alert, Drawer, Tab, TabContent, TabsBar } from '@narthex/vizkit';

import { useEscape } from '../components/useEscape';
import { updateSearch, useAddress } from '../router/location';
import { DataTab } from './DataTab';
import { JsonTab } from './JsonTab';
import { QueryTab } from './QueryTab';
import { StatsTab } from './StatsTab';

const TABS = [
  ['data', 'Data'],
  ['stats', 'Stats'],
  ['json', 'JSON'],
  ['query', 'Query'],
] as const;

interface InspectDrawerProps {
  panel: Panel;
  plugin: PanelPlugin | undefined;
  data: PanelData;
  title: string;
  /** Of the panel: how many samples it asks for follows from it. */
  widthPx: number;
}

function subtitleOf({ took }: PanelData): string {
  if (!took || took.queryCount === 0) return '';
  return `${took.queryCount} ${took.queryCount === 1 ? 'query' : 'queries'} with a total query time of ${Math.round(took.requestMs)} ms`;
}

const close = (): void => updateSearch({ inspect: undefined, inspectTab: undefined });

export function InspectDrawer({ panel, plugin, data, title, widthPx }: InspectDrawerProps) {
  const { search } = useAddress();
  const usesData = plugin?.usesData ?? false;
  const tabs = usesData ? TABS : TABS.filter(([id]) => id === 'json');
  const [tab] = tabs.find(([id]) => id === search.get('inspectTab')) ?? tabs[0] ?? ['json'];
  useEscape(close);
  return (
    <Drawer title={`Inspect: ${title || 'panel'}`} subtitle={subtitleOf(data)} size="md" onClose={close}>
      <TabsBar>
        {tabs.map(([id, label]) => (
          <Tab key={id} label={label} active={id === tab} onChangeTab={() => updateSearch({ inspectTab: id }, 'replace')} />
        ))}
      </TabsBar>
      <TabContent className="inspect">
        {data.error && <Alert severity="error" title="The panel is in error">{data.error}</Alert>}
        {tab === 'data' && <DataTab panel={panel} plugin={plugin} data={data} title={title} />}
        {tab === 'stats' && <StatsTab data={data} />}
        {tab === 'json' && <JsonTab panel={panel} data={data} />}
        {tab === 'query' && <QueryTab panel={panel} data={data} widthPx={widthPx} />}
      </TabContent>
    </Drawer>
  );
}
