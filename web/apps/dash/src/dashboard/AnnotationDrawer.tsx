// What is to be remembered of an instant or a span: its words and tags.
import { dateTimeFormat } from '@grafana/data';
import { addAnnotation, changeAnnotation, deleteAnnotation } from '@narthex/grafanaapi';
import { Alert, Button, Drawer, Field, Input, TextArea } from '@narthex/vizkit';
import { useState } from 'react';

import { useEscape } from '../components/useEscape';
import { useScope } from './scope';
import type { Annotating, AnnotationDraft } from './useAnnotating';

const tagsIn = (draft: string): string[] => [...new Set(draft.split(',').map((tag) => tag.trim()))].filter((tag) => tag !== '');

export function AnnotationDrawer({ draft, onEnd }: { draft: AnnotationDraft; onEnd: Annotating['end'] }) {
  const { dashboard, timeZone } = useScope();
  const { id, panelId, fromMs, toMs } = draft;
  const [text, setText] = useState(draft.text);
  const [tags, setTags] = useState(draft.tags.join(', '));
  const [fault, setFault] = useState('');
  const [isSending, setIsSending] = useState(false);
  const cancel = (): void => onEnd(false);
  useEscape(cancel);
  const send = (call: Promise<void>): void => {
    setIsSending(true);
    call
      .then(() => onEnd(true))
      .catch((error: unknown) => {
        setFault(error instanceof Error ? error.message : String(error));
        setIsSending(false);
      });
  };
  const words = { text: text.trim(), tags: tagsIn(tags) };
  const save = (): void => send(id === undefined ? addAnnotation({ dashboardUid: dashboard.uid, panelId, timeMs: fromMs, timeEndMs: toMs, ...words }) : changeAnnotation(id, words));
  const at = (ms: number): string => dateTimeFormat(ms, { timeZone });
  const kind = toMs > fromMs ? 'region annotation' : 'annotation';
  return (
    <Drawer title={`${id === undefined ? 'Add' : 'Edit'} ${kind}`} subtitle={toMs > fromMs ? `${at(fromMs)} to ${at(toMs)}` : at(fromMs)} size="sm" onClose={cancel}>
      {fault !== '' && <Alert severity="error" title="The annotation could not be kept">{fault}</Alert>}
      <Field label="Description" htmlFor="annotation-text">
        <TextArea id="annotation-text" rows={4} value={text} onChange={(event) => setText(event.currentTarget.value)} />
      </Field>
      <Field label="Tags" description="Separated by commas" htmlFor="annotation-tags">
        <Input id="annotation-tags" value={tags} onChange={(event) => setTags(event.currentTarget.value)} />
      </Field>
      <div className="button-row">
        <Button disabled={words.text === '' || isSending} onClick={save}>
          Save
        </Button>
        <Button variant="secondary" onClick={cancel}>
          Cancel
        </Button>
        {id !== undefined && (
          <Button variant="destructive" disabled={isSending} onClick={() => send(deleteAnnotation(id))}>
            Delete
          </Button>
        )}
      </div>
    </Drawer>
  );
}
