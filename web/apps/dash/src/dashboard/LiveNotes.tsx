// Who else looks at the dashboard, and that somebody has changed it meanwhile.
import { Button, Tooltip } from '@narthex/vizkit';

import { useSession } from '../session/SessionGate';
import type { Live } from './useLive';

const NAMES_MAX = 4;

const initials = (name: string): string =>
  name
    .split(/\s+/)
    .map((word) => word.slice(0, 1))
    .slice(0, 2)
    .join('')
    .toUpperCase();

export function Presence({ viewers }: Pick<Live, 'viewers'>) {
  const { user } = useSession();
  const others = viewers.filter(({ login }) => login !== user.login);
  if (others.length === 0) return null;
  return (
    <ul className="presence" aria-label="Also here">
      {others.slice(0, NAMES_MAX).map(({ login, name }) => (
        <li key={login}>
          <Tooltip content={`${name} is here too`}>
            <span className="presence-face" aria-label={name}>
              {initials(name)}
            </span>
          </Tooltip>
        </li>
      ))}
      {others.length > NAMES_MAX && <li>and {others.length - NAMES_MAX} more</li>}
    </ul>
  );
}

interface ChangeNoteProps extends Pick<Live, 'change' | 'dismiss'> {
  isDirty: boolean;
  onReload: () => void;
}

export function ChangeNote({ change, dismiss, isDirty, onReload }: ChangeNoteProps) {
  if (!change) return null;
  const who = change.by === '' ? 'its file' : change.by;
  return (
    <div className="change-note" role="status">
      <span>
        This dashboard was changed by {who}.{isDirty && ' Loading it drops what you have not saved.'}
      </span>
      <Button
        size="sm"
        onClick={() => {
          dismiss();
          onReload();
        }}
      >
        Load the new version
      </Button>
      <Button size="sm" variant="secondary" fill="text" onClick={dismiss}>
        Keep this one
      </Button>
    </div>
  );
}
