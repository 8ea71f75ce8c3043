// Queries that reckon with the answers of others: the server computes them.
import type { DataSourceRef, DataTarget, Panel } from '@narthex/dashmodel';

const UID = '__expr__';
// Its uid in early versions.
const UID_OLD = '-100';

export const EXPRESSION_SOURCE = { uid: UID, type: UID } as const;

export const isExpressionSource = (ref: DataSourceRef | null): boolean => ref?.uid === UID || ref?.uid === UID_OLD || ref?.type === UID;

const isExpression = (target: DataTarget): boolean => isExpressionSource(target.datasource);

/** The queries of a panel to ask: hidden ones only where an expression may need their answer. */
export function askedTargets({ targets }: Panel): DataTarget[] {
  const hasExpression = targets.some((target) => !target.hide && isExpression(target));
  return targets.filter(({ hide }) => !hide || hasExpression);
}
