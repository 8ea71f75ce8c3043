// Markup for people to read, made from texts that others wrote. It runs nothing and sets no style beyond its own
// elements. A page of elsewhere may stand in it as a frame, as in Grafana: shut in, without scripts, told nothing.
import { renderMarkdown, textUtil } from '@grafana/data';

// The sanitiser has escaped every < and > that is not of a tag, and every quote within a value.
const FRAME = /<iframe\b([^>]*)>(?:[^<]*<\/iframe\s*>)?/gi;
const LEFT_OVER = /<\/?iframe\b[^>]*>/gi;
// Of the web, or of this server; what looks like a path and leads elsewhere is neither.
const PLACE = /^(https?:\/\/|\/(?![/\\]))/i;
const SIZE = /^\d{1,5}(px|%)?$/;

const valueOf = (attributes: string, name: string): string => new RegExp(`(?:^|\\s)${name}="([^"]*)"`, 'i').exec(attributes)?.[1] ?? '';

function frame(attributes: string): string {
  const src = valueOf(attributes, 'src');
  if (!PLACE.test(src)) return '';
  const sizes = ['width', 'height'].map((name) => [name, valueOf(attributes, name)] as const).filter(([, size]) => SIZE.test(size));
  // An empty sandbox allows nothing: no script, no form, no way out of the frame.
  return `<iframe title="Embedded page" src="${src}"${sizes.map(([name, size]) => ` ${name}="${size}"`).join('')} sandbox="" credentialless referrerpolicy="no-referrer" loading="lazy"></iframe>`;
}

/** Parts between frames cannot make a new one: what is left over of tags goes. */
function withFramesShut(clean: string): string {
  return clean
    .split(FRAME)
    // Between two parts stands what the pattern holds: the attributes.
    .map((part, index) => (index % 2 === 0 ? part.replaceAll(LEFT_OVER, '') : frame(part)))
    .join('');
}

export const markupOfHtml = (text: string): string => withFramesShut(textUtil.sanitizeTextPanelContent(text));
export const markupOfMarkdown = (text: string): string => withFramesShut(renderMarkdown(text));
