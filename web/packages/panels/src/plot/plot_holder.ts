// One uPlot chart kept at what is asked for: built anew for a new configuration, else told of a new size or new data.
// A chart of thousands of series takes a task for each of these steps, so that the page can be used in between.
import type { UPlotConfigBuilder } from '@narthex/vizkit';
import uPlot from 'uplot';

export interface Asked {
  config: UPlotConfigBuilder;
  data: uPlot.AlignedData;
  width: number;
  height: number;
  /** What the configuration's hooks draw besides the data: with another one they draw anew, and the lines stay. */
  overlay?: unknown;
}

// Below this a whole drawing takes less than a tenth of a second.
export const LARGE_SERIES_COUNT_MIN = 400;

const isLarge = ({ config }: Asked): boolean => config.getSeries().length >= LARGE_SERIES_COUNT_MIN;
const sizeOf = ({ width, height }: Asked) => ({ width: Math.floor(width), height: Math.floor(height) });

export class PlotHolder {
  private plot: uPlot | undefined;
  private asked: Asked | undefined;
  /** What the plot shows. */
  private shown: Asked | undefined;
  private timer: number | undefined;
  private isEnded = false;

  constructor(private readonly box: HTMLElement) {}

  show(asked: Asked): void {
    this.asked = asked;
    // A step that is under way takes up what is asked for when it ends.
    if (this.timer === undefined) this.step();
  }

  end(): void {
    this.isEnded = true;
    window.clearTimeout(this.timer);
    this.plot?.destroy();
    this.plot = undefined;
  }

  private step(): void {
    const { asked, shown, plot } = this;
    if (!asked || this.isEnded) return;
    if (!plot || !shown || asked.config !== shown.config) this.build(asked);
    else if (asked.width !== shown.width || asked.height !== shown.height) this.change(asked, { ...shown, width: asked.width, height: asked.height }, () => plot.setSize(sizeOf(asked)));
    else if (asked.data !== shown.data) this.change(asked, { ...shown, data: asked.data, overlay: asked.overlay }, () => plot.setData(asked.data));
    else if (asked.overlay !== shown.overlay) this.change(asked, { ...shown, overlay: asked.overlay }, () => plot.redraw(false));
  }

  private change(asked: Asked, shown: Asked, work: () => void): void {
    this.inTurn(asked, () => {
      work();
      this.shown = shown;
      this.step();
    });
  }

  private build(asked: Asked): void {
    if (asked.width === 0 && asked.height === 0) return;
    this.inTurn(asked, () => {
      this.plot?.destroy();
      // Calls back before it returns.
      this.plot = new uPlot({ ...sizeOf(asked), ...asked.config.getConfig() }, asked.data, (made, init) => {
        this.plot = made;
        this.box.append(made.root);
        this.inTurn(asked, () => {
          init();
          this.shown = asked;
          this.step();
        });
      });
    });
  }

  /** At once, or as the next task where much is to be done. */
  private inTurn(asked: Asked, work: () => void): void {
    if (!isLarge(asked)) {
      work();
      return;
    }
    this.timer = window.setTimeout(() => {
      this.timer = undefined;
      work();
    });
  }
}
