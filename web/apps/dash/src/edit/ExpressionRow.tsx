// A query that reckons with the answers of the panel's other queries.
import { text } from '@narthex/dashmodel/json';
import { Combobox } from '@narthex/vizkit';

import { expressionSpecs, KINDS, withKind } from './expression_specs';
import { OptionForm } from './form';
import { QueryTools, type QueryToolsProps } from './QueryTools';

interface ExpressionRowProps extends QueryToolsProps {
  /** The `refId`s it can reckon with. */
  others: readonly string[];
}

export function ExpressionRow({ others, ...tools }: ExpressionRowProps) {
  const { target, onChange } = tools;
  const refId = text(target['refId']);
  const kind = text(target['type'], 'math');
  return (
    <li className="query" aria-label={`Query ${refId}`}>
      <div className="query-head">
        <QueryTools {...tools} />
        <div className="expression-kind">
          <Combobox aria-label={`Kind of expression ${refId}`} options={KINDS} value={kind} onChange={({ value }) => onChange(withKind(target, value, others))} />
        </div>
      </div>
      <div className={kind === 'math' || kind === 'classic_conditions' ? '' : 'query-options'}>
        <OptionForm root={target} specs={expressionSpecs(target, others)} onChange={onChange} />
      </div>
    </li>
  );
}
