// The routes below /control.

async function answerOf(response) {
  const body = await response.json();
  if (!response.ok) throw new Error(body.error ?? `status ${response.status}`);
  return body;
}

export async function readState() {
  return answerOf(await fetch('/control/state'));
}

// The state that it made.
export async function post(route, body = {}) {
  return answerOf(
    await fetch(`/control/${route}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    }),
  );
}

// What the `Accept` header asks for, by the title under which it is offered.
export const FORMATS = {
  Text: 'text/plain; version=0.0.4',
  OpenMetrics: 'application/openmetrics-text; version=1.0.0',
  'Protobuf, as text': 'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=text',
};

export async function readExposition(format) {
  const response = await fetch('/control/exposition', { headers: { Accept: FORMATS[format] } });
  if (!response.ok) throw new Error(`the exposition: status ${response.status}`);
  return response.text();
}
