// What is asked of a row under edit: its title and repetition, and whether its panels go with it.
import { findPanelJson, removeRow, replacePanel, rowPanelCount } from '@narthex/dashmodel';
import { text } from '@narthex/dashmodel/json';
import { Button, Combobox, Field, Input, Modal } from '@narthex/vizkit';
import { useId, useState } from 'react';

import { useScope } from '../dashboard/scope';
import { useEditing } from './EditContext';
import { repeatableOf } from './facts';

interface DialogProps {
  rowId: number;
  onClose: () => void;
}

const NONE = '';

function OptionsDialog({ rowId, onClose }: DialogProps) {
  const id = useId();
  const { json, change } = useEditing();
  const { variables } = useScope();
  const row = findPanelJson(json, rowId) ?? {};
  const [title, setTitle] = useState(text(row['title']));
  const [repeat, setRepeat] = useState(text(row['repeat']));
  const names = [...new Set([...repeatableOf(variables), ...(repeat === NONE ? [] : [repeat])])];
  const update = (): void => {
    const { repeat: _before, ...rest } = row;
    change(replacePanel(json, rowId, { ...rest, title, ...(repeat === NONE ? {} : { repeat }) }));
    onClose();
  };
  return (
    <Modal isOpen title="Row options" onDismiss={onClose} onClickBackdrop={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          update();
        }}
      >
        <Field label="Title" htmlFor={`${id}-title`}>
          <Input id={`${id}-title`} value={title} onChange={(event) => setTitle(event.currentTarget.value)} />
        </Field>
        <Field label="Repeat for" htmlFor={`${id}-repeat`} description="Once for each chosen value of a variable that may have several.">
          <Combobox id={`${id}-repeat`} options={[{ value: NONE, label: 'Disable repeating' }, ...names.map((name) => ({ value: name, label: name }))]} value={repeat} onChange={({ value }) => setRepeat(value)} />
        </Field>
        <Modal.ButtonRow>
          <Button type="button" variant="secondary" fill="outline" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit">Update</Button>
        </Modal.ButtonRow>
      </form>
    </Modal>
  );
}

function RemoveDialog({ rowId, onClose }: DialogProps) {
  const { json, change } = useEditing();
  const count = rowPanelCount(json, rowId);
  const remove = (panels: 'removed' | 'kept') => (): void => {
    change(removeRow(json, rowId, panels));
    onClose();
  };
  return (
    <Modal isOpen title="Delete row" onDismiss={onClose} onClickBackdrop={onClose}>
      <p>
        {count === 1 ? 'There is one panel in this row. Does it go, too?' : `There are ${count} panels in this row. Do they go, too?`}
      </p>
      <Modal.ButtonRow>
        <Button variant="secondary" fill="outline" onClick={onClose}>
          Cancel
        </Button>
        <Button variant="destructive" onClick={remove('removed')}>
          Delete row and panels
        </Button>
        <Button variant="destructive" fill="outline" onClick={remove('kept')}>
          Delete row only
        </Button>
      </Modal.ButtonRow>
    </Modal>
  );
}

export type RowDialog = 'options' | 'remove';

export function RowDialogs({ open, ...dialog }: DialogProps & { open: RowDialog }) {
  return open === 'options' ? <OptionsDialog {...dialog} /> : <RemoveDialog {...dialog} />;
}
