// Actions of a field as the components of @grafana/ui press them: nothing is called before a person has confirmed.
import type { ActionModel, ActionVariableInput, DataFrame, DisplayValue, Field, FieldConfig, FieldDisplay, ScopedVars } from '@grafana/data';
import { ActionType, ActionVariableType } from '@grafana/data';

import type { PanelProps } from '../props';
import { readActions, type ActionConfig } from './read';
import { prepare, send, type Prepared } from './request';
import { tell } from './tell';

type Interpolate = PanelProps['interpolate'];

/** The value that was pressed. */
export interface ActionPlace {
  config: FieldConfig;
  frame: DataFrame | undefined;
  field: Field | undefined;
  rowIndex?: number | undefined;
  calculated?: DisplayValue;
}

function scopeOf({ frame, field, rowIndex, calculated }: ActionPlace, given: ActionVariableInput): ScopedVars {
  const variables = Object.fromEntries(Object.entries(given).map(([key, value]) => [key, { text: value, value }]));
  if (!frame || !field) return variables;
  const context = { data: [frame], frame, field, frameIndex: 0, ...(rowIndex === undefined ? {} : { rowIndex }), ...(calculated ? { calculatedValue: calculated } : {}) };
  return { ...variables, __dataContext: { value: context } };
}

function Question({ question, prepared }: { question: string; prepared: Prepared }) {
  const { request, refusal } = prepared;
  return (
    <div>
      {question !== '' && <p>{question}</p>}
      {request ? (
        <p style={{ overflowWrap: 'anywhere' }}>
          <strong>{request.method}</strong> <code>{request.url}</code>
        </p>
      ) : (
        <p role="alert">This action cannot be run. {refusal}</p>
      )}
      {request?.body !== undefined && <pre style={{ maxHeight: '30vh', overflow: 'auto' }}>{request.body}</pre>}
    </div>
  );
}

/** A browser tells no more of a call that another server, or a policy, did not allow. */
const reasonOf = (error: unknown): string =>
  error instanceof TypeError ? 'no answer, or none that this page may read' : error instanceof Error ? error.message : String(error);

async function run(title: string, { request, refusal }: Prepared): Promise<void> {
  if (!request) return tell({ severity: 'error', title, text: `was not run. ${refusal}` });
  try {
    tell({ severity: 'success', title, text: await send(request) });
  } catch (error) {
    tell({ severity: 'error', title, text: `failed: ${reasonOf(error)}` });
  }
}

function modelOf(action: ActionConfig, place: ActionPlace, interpolate: Interpolate): ActionModel {
  // What nobody has filled in is empty.
  const unset = Object.fromEntries(action.variables.map(({ key }) => [key, '']));
  const writeFor = (given: ActionVariableInput) => (text: string) => interpolate(text, undefined, scopeOf(place, { ...unset, ...given }));
  const prepared = (given: ActionVariableInput = {}): Prepared => prepare(action, writeFor(given), window.location.href);
  return {
    title: writeFor({})(action.title),
    type: ActionType.Fetch,
    oneClick: action.isOneClick,
    confirmation: (given) => <Question question={writeFor(given ?? {})(action.question)} prepared={prepared(given)} />,
    onClick: (_event, _origin, given) => void run(writeFor(given ?? {})(action.title), prepared(given)),
    style: action.backgroundColor === undefined ? {} : { backgroundColor: action.backgroundColor },
    variables: action.variables.map((variable) => ({ ...variable, type: ActionVariableType.String })),
  };
}

export const actionsAt = (place: ActionPlace, interpolate: Interpolate): ActionModel[] => readActions(place.config).map((action) => modelOf(action, place, interpolate));

/** Of a value that a panel shows by itself: reduced, or one of a row. */
export function actionsOf({ field: config, view, colIndex, rowIndex, display }: FieldDisplay, interpolate: Interpolate): ActionModel[] {
  const frame = view?.dataFrame;
  return actionsAt({ config, frame, field: colIndex === undefined ? undefined : frame?.fields[colIndex], rowIndex, calculated: display }, interpolate);
}
