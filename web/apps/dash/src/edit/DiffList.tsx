// What differs between two versions, path by path.
import { differences, type AnyRecord } from '@narthex/dashmodel';

const SHOWN_MAX = 60;

function short(value: unknown): string {
  const json = value === undefined ? 'nothing' : JSON.stringify(value);
  return json.length > 80 ? `${json.slice(0, 77)}...` : json;
}

export function DiffList({ before, after }: { before: AnyRecord; after: AnyRecord }) {
  const all = differences(before, after);
  if (all.length === 0) return <p>Nothing has changed.</p>;
  return (
    <ul className="diff-list" aria-label="Changes">
      {all.slice(0, SHOWN_MAX).map(({ path, before: was, after: is }) => (
        <li key={path}>
          <code>{path}</code>
          <del>{short(was)}</del>
          <ins>{short(is)}</ins>
        </li>
      ))}
      {all.length > SHOWN_MAX && <li>and {all.length - SHOWN_MAX} more</li>}
    </ul>
  );
}
