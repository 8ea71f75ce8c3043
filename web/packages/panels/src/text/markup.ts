// Markup for people to read, made from texts that others wrote. It runs nothing, sets no style beyond its own elements,
// and brings no page of elsewhere into this one: frames go, which the sanitiser of @grafana/data would only shut in.
import { renderMarkdown, textUtil } from '@grafana/data';

// The sanitiser has escaped every < and > that is not of a tag: what is cut out is one, and what is left makes no new one.
const FRAME_TAG = /<\/?iframe\b[^>]*>/gi;
const withoutFrames = (clean: string): string => clean.replaceAll(FRAME_TAG, '');

export const markupOfHtml = (text: string): string => withoutFrames(textUtil.sanitizeTextPanelContent(text));
export const markupOfMarkdown = (text: string): string => withoutFrames(renderMarkdown(text));
