// Links of a panel's heading, or of each of its values.
import type { AnyRecord } from '@narthex/dashmodel';
import { flag, records, text } from '@narthex/dashmodel/json';
import { Button, Checkbox, IconButton } from '@narthex/vizkit';
import { useId, useMemo } from 'react';

import { useFacts } from './facts';
import { pageVariables, valueVariables } from './link_variables';
import { moved } from './moved';
import { VariableInput } from './VariableInput';

interface LinksFieldProps {
  links: unknown;
  isOfValues: boolean;
  onChange: (links: AnyRecord[] | undefined) => void;
}

export function LinksField({ links, isOfValues, onChange }: LinksFieldProps) {
  const id = useId();
  const facts = useFacts();
  const variables = useMemo(() => (isOfValues ? valueVariables(facts) : pageVariables(facts)), [facts, isOfValues]);
  const all = records(links);
  const what = isOfValues ? 'data link' : 'link';
  const set = (next: AnyRecord[]): void => onChange(next.length > 0 ? next : undefined);
  const replace = (index: number, change: AnyRecord): void => set(all.map((one, at) => (at === index ? { ...one, ...change } : one)));
  // One of them is followed at once: a second one never would be.
  const setOneClick = (index: number, isOn: boolean): void => set(all.map((one, at) => ({ ...one, oneClick: at === index && isOn })));
  return (
    <>
      <ol className="queries">
        {all.map((link, index) => {
          const name = `${what} ${index + 1}`;
          return (
            <li key={index} className="query link-edit" aria-label={`Edit ${name}`}>
              <div className="option-row">
                <VariableInput id={`${id}-${index}-title`} label={`Title of ${name}`} value={text(link['title'])} placeholder="Title" variables={variables} onCommit={(title) => replace(index, { title })} />
                <IconButton name="arrow-up" tooltip={`Move ${name} up`} disabled={index === 0} onClick={() => set(moved(all, index, -1))} />
                <IconButton name="trash-alt" tooltip={`Remove ${name}`} onClick={() => set(all.filter((_, at) => at !== index))} />
              </div>
              <VariableInput id={`${id}-${index}-url`} label={`Address of ${name}`} value={text(link['url'])} placeholder="https://example.com/?host=${…} - $ lists names" variables={variables} onCommit={(url) => replace(index, { url })} />
              <div className="button-row">
                <Checkbox label="Open in a new tab" value={flag(link['targetBlank'])} onChange={(event) => replace(index, { targetBlank: event.currentTarget.checked })} />
                {isOfValues && <Checkbox label="One click" description="Followed without a menu" value={flag(link['oneClick'])} onChange={(event) => setOneClick(index, event.currentTarget.checked)} />}
              </div>
            </li>
          );
        })}
      </ol>
      <Button size="sm" variant="secondary" icon="plus" onClick={() => set([...all, { title: '', url: '' }])}>
        Add {what}
      </Button>
    </>
  );
}
