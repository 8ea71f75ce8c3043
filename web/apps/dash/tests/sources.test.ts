import { describe, expect, test } from 'vitest';

import { headersOf, nameKeyOf, sourceSections, withHeader } from '../src/manage/source_specs';

const asked = (body: Record<string, unknown>) => sourceSections(body).flatMap(({ specs, secrets }) => [...specs.map(({ path }) => path), ...secrets.map(({ key }) => key)]);

describe('what is asked of a data source (UI-11)', () => {
  test('a password where it signs in, certificates where they are used', () => {
    expect(asked({ type: 'prometheus' })).not.toContain('basicAuthPassword');
    expect(asked({ type: 'prometheus', basicAuth: true })).toEqual(expect.arrayContaining(['basicAuthUser', 'basicAuthPassword']));
    expect(asked({ jsonData: { tlsAuth: true } })).toEqual(expect.arrayContaining(['tlsClientCert', 'tlsClientKey', 'jsonData.serverName']));
    expect(asked({ jsonData: { tlsAuthWithCACert: true } })).toContain('tlsCACert');
  });
  test('what is of Prometheus, of a Prometheus alone', () => {
    expect(asked({ type: 'prometheus' })).toContain('jsonData.timeInterval');
    expect(asked({ type: 'alertmanager' })).not.toContain('jsonData.timeInterval');
  });
});

test('headers are counted from 1, and a new one takes a number that none has', () => {
  const jsonData = { httpHeaderName1: 'X-A', httpHeaderName3: 'X-B', timeInterval: '15s' };
  expect(headersOf(jsonData)).toEqual([
    { name: 'X-A', secretKey: 'httpHeaderValue1' },
    { name: 'X-B', secretKey: 'httpHeaderValue3' },
  ]);
  expect(withHeader(jsonData)).toEqual({ ...jsonData, httpHeaderName4: '' });
  expect(withHeader({})).toEqual({ httpHeaderName1: '' });
  expect(headersOf(jsonData).map(nameKeyOf)).toEqual(['httpHeaderName1', 'httpHeaderName3']);
});
