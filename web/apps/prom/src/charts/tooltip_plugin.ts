// The box at the cursor: the instant, and the series whose line is nearest.
import type uPlot from 'uplot';

import { formatValue } from '../lib/number_text';
import { splitSeriesName } from '../lib/series_name';
import { formatInstant } from '../lib/time_text';
import type { ChartModel } from './chart_model';
import styles from './chart.module.css';

function element(tag: string, className: string | undefined, text = ''): HTMLElement {
  const made = document.createElement(tag);
  if (className !== undefined) made.className = className;
  made.textContent = text;
  return made;
}

// The visible series with a sample at `row` whose line is nearest to the cursor.
function nearestSeries(plot: uPlot, row: number): number | undefined {
  const top = plot.cursor.top ?? 0;
  let nearest: number | undefined;
  let least = Infinity;
  for (let index = 1; index < plot.series.length; index += 1) {
    const value = plot.data[index]?.[row];
    if (plot.series[index]?.show !== true || value === null || value === undefined) continue;
    const distance = Math.abs(plot.valToPos(value, 'y') - top);
    if (distance < least) {
      least = distance;
      nearest = index - 1;
    }
  }
  return nearest;
}

function fill(box: HTMLElement, model: ChartModel, row: number, index: number): void {
  const shown = model.series[index];
  if (shown === undefined) return;
  const { metric, labels } = splitSeriesName(shown.labels);
  const value = model.columns.values[index]?.[row] ?? NaN;

  const head = element('div', styles.tipHead);
  const swatch = element('span', styles.swatch);
  swatch.style.background = shown.color;
  head.append(swatch, element('span', styles.tipMetric, metric === '' ? 'value' : metric), element('strong', undefined, formatValue(value)));

  const list = element('dl', styles.tipLabels);
  for (const [name, text] of labels) list.append(element('dt', undefined, name), element('dd', undefined, text));
  const time = formatInstant(model.columns.times[row] ?? 0, model.timeZone);
  box.replaceChildren(element('div', styles.tipTime, time), head, list);
}

function place(box: HTMLElement, plot: uPlot): void {
  const { left = 0, top = 0 } = plot.cursor;
  const gap = 16;
  const isRight = left > plot.over.clientWidth / 2;
  const x = isRight ? left - box.offsetWidth - gap : left + gap;
  const y = Math.min(Math.max(0, top - box.offsetHeight / 2), Math.max(0, plot.over.clientHeight - box.offsetHeight));
  box.style.transform = `translate(${Math.round(Math.max(0, x))}px, ${Math.round(y)}px)`;
}

export function tooltipPlugin(model: ChartModel): uPlot.Plugin {
  const box = element('div', styles.tip);
  box.hidden = true;
  return {
    hooks: {
      init: (plot) => plot.over.append(box),
      setCursor: (plot) => {
        const row = plot.cursor.idx;
        const isOver = row !== null && row !== undefined && (plot.cursor.left ?? -1) >= 0;
        const index = isOver ? nearestSeries(plot, row) : undefined;
        box.hidden = index === undefined;
        if (!isOver || index === undefined) return;
        fill(box, model, row, index);
        place(box, plot);
      },
    },
  };
}
