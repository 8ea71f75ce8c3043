// Stands in for server rendering, which one component of @grafana/ui uses to measure text.
export const renderToStaticMarkup = (): string => '';
export const renderToString = (): string => '';
export default { renderToStaticMarkup, renderToString };
