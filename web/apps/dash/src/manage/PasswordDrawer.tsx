// A new password for somebody else, by an administrator of the server.
import { setPassword } from '@narthex/grafanaapi';
import { Alert, Drawer } from '@narthex/vizkit';

import { useEscape } from '../components/useEscape';
import { AddForm, textOf, TextField } from './Listing';
import { useSending } from './useSending';

interface PasswordDrawerProps {
  id: number;
  login: string;
  onClose: () => void;
}

export function PasswordDrawer({ id, login, onClose }: PasswordDrawerProps) {
  useEscape(onClose);
  const { told, send } = useSending();
  return (
    <Drawer title={`Password of ${login}`} subtitle="Their sessions end with the old one." size="sm" onClose={onClose}>
      {told && <Alert severity={told.isFault ? 'error' : 'success'} title={told.text} />}
      <AddForm label={`Password of ${login}`} button="Set password" onSend={(form) => send(() => setPassword(id, textOf(form, 'password')), 'The password is set.')}>
        <TextField name="password" label="New password" type="password" isRequired autoComplete="new-password" />
      </AddForm>
    </Drawer>
  );
}
