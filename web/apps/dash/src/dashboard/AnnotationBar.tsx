// Switches for the annotations of a dashboard.
import type { AnnotationJson } from '@narthex/dashmodel';
import { isAsked } from '@narthex/runner';
import { Checkbox } from '@narthex/vizkit';

interface AnnotationBarProps {
  annotations: readonly AnnotationJson[];
  off: ReadonlySet<string>;
  onToggle: (name: string) => void;
}

/** Those whose switch is to be seen. */
export const switchable = (annotations: readonly AnnotationJson[]): AnnotationJson[] => annotations.filter((one) => !one.hide && isAsked(one));

export function AnnotationBar({ annotations, off, onToggle }: AnnotationBarProps) {
  if (annotations.length === 0) return null;
  return (
    <div className="variables" role="group" aria-label="Annotations">
      {annotations.map(({ name }) => (
        <Checkbox key={name} label={name} value={!off.has(name)} onChange={() => onToggle(name)} />
      ))}
    </div>
  );
}
