// Links of a panel's heading, or of its values: what they are called and where they lead.
import type { AnyRecord } from '@narthex/dashmodel';
import { records, text } from '@narthex/dashmodel/json';
import { Button, IconButton } from '@narthex/vizkit';

import { OptionForm, type OptionSpec } from './form';

const LINK: readonly OptionSpec[] = [
  { path: 'title', label: 'Title', kind: 'text' },
  { path: 'url', label: 'URL', kind: 'text', hint: 'With variables: ${__field.labels.instance}, ${__value.time}, ${__url_time_range}' },
  { path: 'targetBlank', label: 'Open in a new tab', kind: 'switch' },
];
const ONE_CLICK: OptionSpec = { path: 'oneClick', label: 'One click', kind: 'switch', hint: 'A click on the value follows it at once' };

interface LinksFieldProps {
  legend: string;
  links: unknown;
  /** Of values: they can be followed by a click on the value. */
  isOfValues: boolean;
  onChange: (links: AnyRecord[]) => void;
}

export function LinksField({ legend, links, isOfValues, onChange }: LinksFieldProps) {
  const all = records(links);
  const specs = isOfValues ? [...LINK, ONE_CLICK] : LINK;
  return (
    <fieldset className="option-list">
      <legend>{legend}</legend>
      {all.map((link, index) => (
        <div key={index} className="query" role="group" aria-label={`Link ${text(link['title']) || index + 1}`}>
          <OptionForm root={link} specs={specs} onChange={(next) => onChange(all.map((one, at) => (at === index ? next : one)))} />
          <IconButton name="trash-alt" tooltip={`Remove link ${text(link['title']) || index + 1}`} onClick={() => onChange(all.filter((_, at) => at !== index))} />
        </div>
      ))}
      <Button size="sm" variant="secondary" icon="plus" onClick={() => onChange([...all, { title: '', url: '' }])}>
        Add link
      </Button>
    </fieldset>
  );
}
