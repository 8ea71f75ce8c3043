// Asks before an action is run: first for its variables, where it has some, with what will be called in sight.
import type { ActionModel, ActionVariableInput } from '@grafana/data';
import { Button, Field, Input, Modal } from '@narthex/vizkit';
import { useId, useState } from 'react';

export function ConfirmAction({ action, onDone }: { action: ActionModel; onDone: () => void }) {
  const id = useId();
  const [given, setGiven] = useState<ActionVariableInput>({});
  return (
    <Modal title={action.title} isOpen onDismiss={onDone}>
      {(action.variables ?? []).map(({ key, name }) => (
        <Field key={key} label={name} htmlFor={`${id}-${key}`}>
          <Input id={`${id}-${key}`} value={given[key] ?? ''} onChange={(event) => setGiven({ ...given, [key]: event.currentTarget.value })} />
        </Field>
      ))}
      {action.confirmation(given)}
      <Modal.ButtonRow>
        <Button variant="secondary" onClick={onDone}>
          Cancel
        </Button>
        <Button
          onClick={(event) => {
            action.onClick(event, null, given);
            onDone();
          }}
        >
          Confirm
        </Button>
      </Modal.ButtonRow>
    </Modal>
  );
}
