// Elements of the page, made without markup in strings.

export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in element) element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

export const byId = (id) => document.getElementById(id);

// Numbers of very different sizes, each with the digits that tell something.
export function numberText(value) {
  return new Intl.NumberFormat('en-US', { maximumSignificantDigits: 6 }).format(value);
}

// Addresses of the other services, on the host by which the browser knows this one.
export function serviceUrl(port, path) {
  return `${location.protocol}//${location.hostname}:${port}${path}`;
}

export function graphUrl(port, expression) {
  const parameters = new URLSearchParams({ 'g0.expr': expression, 'g0.tab': '0', 'g0.range_input': '5m' });
  return serviceUrl(port, `/graph?${parameters}`);
}

export function dashboardUrl(port) {
  return serviceUrl(port, '/d/test-dashboard/test-dashboard?orgId=1&from=now-5m&to=now&refresh=2s');
}
