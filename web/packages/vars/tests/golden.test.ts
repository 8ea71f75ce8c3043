// Ours against what Grafana's scenes package answers, as tools/golden_formats.mjs wrote it down.
import fs from 'node:fs';
import path from 'node:path';

import { expect, test } from 'vitest';

import { formatValue, type VariableValue } from '../src';

type Row = [format: string, value: VariableValue, text: VariableValue, want: string];

const table: { rows: Row[] } = JSON.parse(fs.readFileSync(path.join(__dirname, 'golden/formats.json'), 'utf8'));

test.each(table.rows)('%s of %j, shown as %j', (format, value, text, want) => expect(formatValue(format, value, { name: 'var', text })).toBe(want));
