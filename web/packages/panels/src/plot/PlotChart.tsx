import { useLayoutEffect, useRef, type ReactNode } from 'react';

import 'uplot/dist/uPlot.min.css';

import { PlotHolder, type Asked } from './plot_holder';

/** A chart of uPlot; its plugins stand within. */
export function PlotChart({ config, data, width, height, overlay, children }: Asked & { children?: ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  const holder = useRef<PlotHolder>(undefined);
  useLayoutEffect(() => {
    if (!box.current) return undefined;
    const made = new PlotHolder(box.current);
    holder.current = made;
    return () => made.end();
  }, []);
  // After the plugins: they add to the configuration.
  useLayoutEffect(() => holder.current?.show({ config, data, width, height, overlay }), [config, data, width, height, overlay]);
  return (
    <div style={{ position: 'relative' }}>
      <div ref={box} data-testid="uplot-main-div" />
      {children}
    </div>
  );
}
