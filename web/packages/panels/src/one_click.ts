// The link of a value that is followed at once, where one is: the others of the value wait for nothing then. Pure.
import type { DataFrame, LinkModel } from '@grafana/data';

/** That one alone, or all of them. */
export function followed(links: LinkModel[]): LinkModel[] {
  const single = links.find(({ oneClick }) => oneClick === true);
  return single ? [single] : links;
}

/** Of a point of a chart; empty where it has none of that kind. Asked at every move of the cursor. */
export function oneClickAt(frame: DataFrame, seriesIndex: number | null, rowIndex: number | null | undefined): LinkModel[] {
  const field = seriesIndex === null ? undefined : frame.fields[seriesIndex];
  if (!field?.getLinks || rowIndex == null || !field.config.links?.some(({ oneClick }) => oneClick === true)) return [];
  return followed(field.getLinks({ valueRowIndex: rowIndex }));
}
