// Series as lines over time, or as areas on top of each other.
import 'uplot/dist/uPlot.min.css';

import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import uPlot from 'uplot';

import type { ChartModel } from './chart_model';
import { chartData, chartOptions, readChartColors } from './chart_options';
import { tooltipPlugin } from './tooltip_plugin';
import styles from './chart.module.css';

interface LineChartProps {
  model: ChartModel;
  // A series to draw in front of the others, which fade.
  focused: number | undefined;
  label: string;
  onZoom: (start: number, end: number) => void;
}

// The size of an element, followed as it changes; zero before it is measured.
function useSize(ref: React.RefObject<HTMLElement | null>): { width: number; height: number } {
  const [size, setSize] = useState({ width: 0, height: 0 });
  useEffect(() => {
    if (ref.current === null) return undefined;
    const observer = new ResizeObserver(([entry]) => {
      if (entry === undefined) return;
      setSize({ width: Math.floor(entry.contentRect.width), height: Math.floor(entry.contentRect.height) });
    });
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, [ref]);
  return size;
}

export function LineChart({ model, focused, label, onZoom }: LineChartProps) {
  const ref = useRef<HTMLElement>(null);
  const { width, height } = useSize(ref);
  const colorScheme = useComputedColorScheme('light', { getInitialValueInEffect: false });
  const chart = useRef<uPlot>(undefined);
  const zoom = useEffectEvent(onZoom);
  const frameOf = useEffectEvent((element: Element, shown: ChartModel) => ({
    width,
    height,
    colors: readChartColors(element),
    plugins: [tooltipPlugin(shown)],
    onZoom: (start: number, end: number) => zoom(start, end),
  }));
  const isMeasured = width > 0 && height > 0;

  useEffect(() => {
    if (!isMeasured || ref.current === null) return undefined;
    const made = new uPlot(chartOptions(model, frameOf(ref.current, model)), chartData(model), ref.current);
    chart.current = made;
    return () => {
      chart.current = undefined;
      made.destroy();
    };
    // The colour scheme changes the colours that are read from the page.
  }, [model, colorScheme, isMeasured]);

  useEffect(() => chart.current?.setSize({ width, height }), [width, height]);
  useEffect(() => {
    if (focused === undefined) chart.current?.setSeries(null, { focus: false });
    else chart.current?.setSeries(focused + 1, { focus: true });
  }, [focused]);

  return <figure ref={ref} className={styles.chart} aria-label={label} data-testid="chart" />;
}
