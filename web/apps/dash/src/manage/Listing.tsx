// A page that lists things of one kind: its states, a table, room for a form above it.
import { Alert, Button, type IconName } from '@narthex/vizkit';
import { useEffect, useState, type FormEvent, type ReactNode } from 'react';

import { EmptyState, ErrorState, LoadingState } from '../components/states';
import { TopBar, type Crumb } from '../shell/TopBar';
import type { Loaded } from './useLoaded';

import './manage.css';

export interface Column<T> {
  title: string;
  cell: (row: T) => ReactNode;
}

interface ManagePageProps {
  title: string;
  crumbs?: readonly Crumb[];
  children: ReactNode;
}

export function ManagePage({ title, crumbs = [], children }: ManagePageProps) {
  useEffect(() => {
    document.title = `${title} - Narthex`;
  }, [title]);
  return (
    <>
      <TopBar crumbs={[{ title: 'Home', href: '/' }, ...crumbs, { title }]} />
      <main className="page">
        <h1>{title}</h1>
        {children}
      </main>
    </>
  );
}

interface ListingProps<T> {
  /** What the rows are, in the plural: "playlists". */
  what: string;
  icon: IconName;
  loaded: Loaded<T[]>;
  columns: ReadonlyArray<Column<T>>;
  keyOf: (row: T) => string | number;
  /** What to do where there is none. */
  hint?: string;
  /** In the place of "There are no ... yet". */
  none?: string;
}

export function Listing<T>({ what, icon, loaded, columns, keyOf, hint, none = `There are no ${what} yet` }: ListingProps<T>) {
  const { value, failure, isForbidden, fault, reload } = loaded;
  if (isForbidden) return <EmptyState icon="lock" title={`Your role does not let you see ${what}`} />;
  if (failure !== '') return <ErrorState title={`The list of ${what} could not be read`} message={failure} onRetry={reload} />;
  if (!value) return <LoadingState label={`Loading ${what}`} />;
  return (
    <>
      {fault !== '' && <Alert severity="error" title="This could not be done">{fault}</Alert>}
      {value.length === 0 ? (
        <EmptyState icon={icon} title={none}>{hint !== undefined && <p>{hint}</p>}</EmptyState>
      ) : (
        <div className="manage-scroll">
          <table className="manage-table" aria-label={what}>
            <thead>
              <tr>
                {columns.map(({ title }) => (
                  <th key={title} scope="col">
                    {title}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {value.map((row) => (
                <tr key={keyOf(row)}>
                  {columns.map(({ title, cell }) => (
                    <td key={title} data-title={title}>
                      {cell(row)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}

/** Does what cannot be undone at the second press. `short` stands on it: the first word where nothing is said. */
export function SureButton({ label, short = label.split(' ')[0] ?? '', onSure }: { label: string; short?: string; onSure: () => void }) {
  const [isAsked, setIsAsked] = useState(false);
  return (
    <Button
      size="sm"
      variant={isAsked ? 'destructive' : 'secondary'}
      aria-label={isAsked ? `Really: ${label}` : label}
      onBlur={() => setIsAsked(false)}
      onClick={() => {
        if (isAsked) onSure();
        setIsAsked(!isAsked);
      }}
    >
      {isAsked ? 'Really?' : short}
    </Button>
  );
}

/** Fields in a row with a button behind them; its fields are emptied once `onSend` says that it is done. */
export function AddForm({ label, button, children, onSend }: { label: string; button: string; children: ReactNode; onSend: (form: FormData) => Promise<boolean> }) {
  const send = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = event.currentTarget;
    void onSend(new FormData(form)).then((isDone) => isDone && form.reset());
  };
  return (
    <form className="manage-form" aria-label={label} onSubmit={send}>
      {children}
      <Button type="submit" {...(button.startsWith('Add') ? { icon: 'plus' as const } : {})}>
        {button}
      </Button>
    </form>
  );
}

interface TextFieldProps {
  name: string;
  label: string;
  type?: 'text' | 'password' | 'email' | 'number';
  isRequired?: boolean;
  value?: string;
  autoComplete?: string;
}

export function TextField({ name, label, type = 'text', isRequired = false, value, autoComplete = 'off' }: TextFieldProps) {
  return (
    <label className="manage-field">
      <span>{label}</span>
      <input name={name} type={type} required={isRequired} defaultValue={value} autoComplete={autoComplete} />
    </label>
  );
}

export function ChoiceField({ name, label, choices, value }: { name: string; label: string; choices: ReadonlyArray<readonly [value: string, label: string]>; value?: string }) {
  return (
    <label className="manage-field">
      <span>{label}</span>
      <select name={name} defaultValue={value}>
        {choices.map(([one, shown]) => (
          <option key={one} value={one}>
            {shown}
          </option>
        ))}
      </select>
    </label>
  );
}

export const textOf = (form: FormData, name: string): string => {
  const value = form.get(name);
  return typeof value === 'string' ? value.trim() : '';
};

/** An instant as the server writes it, in the words of the browser. */
export function shownTime(text: string): string {
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? text : time.toLocaleString();
}
