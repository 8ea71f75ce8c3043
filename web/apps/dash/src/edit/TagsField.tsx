// A list of words, each typed and closed with Enter.
import { texts } from '@narthex/dashmodel/json';
import { MultiCombobox } from '@narthex/vizkit';

export function TagsField({ id, value, onChange }: { id: string; value: unknown; onChange: (tags: string[]) => void }) {
  const tags = texts(value);
  return <MultiCombobox id={id} placeholder="Type a word and press Enter" options={tags.map((tag) => ({ value: tag, label: tag }))} value={tags} createCustomValue onChange={(all) => onChange(all.map((one) => one.value))} />;
}
