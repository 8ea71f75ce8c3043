// Charts of so many series that drawing them all at once would hold up the page: the series are drawn aside, a
// slice at a time, and shown when the picture is whole.
import type { UPlotConfigBuilder } from '@narthex/vizkit';
import type uPlot from 'uplot';

const SLICE_MS = 12;

type PathBuilder = NonNullable<uPlot.Series['paths']>;
interface Paint {
  /** What uPlot resolves a paint to before it draws. */
  _stroke?: CanvasRenderingContext2D['strokeStyle'] | null;
  _fill?: CanvasRenderingContext2D['fillStyle'] | null;
}
/** The pairs of series between which uPlot fills; there, and not declared. */
type Banded = uPlot & { bands?: uPlot.Band[] };
type Painted = uPlot.Series & Paint;
type Points = uPlot.Series.Points & Paint;

/** As uPlot decides where nothing is set: where there is room between them. */
function hasRoomForPoints({ bbox, data }: uPlot, { space = 0 }: Points): boolean {
  return data[0].length - 1 <= bbox.width / devicePixelRatio / space;
}

interface Picture {
  data: uPlot.AlignedData;
  /** Where the plot lies and what its scales reach over. */
  place: string;
  canvas: HTMLCanvasElement;
}

function placeOf({ bbox, scales }: uPlot): string {
  return JSON.stringify([bbox, Object.values(scales).map(({ min, max }) => [min, max])]);
}

export class SlicedSeries {
  private readonly builders = new Map<number, PathBuilder>();
  private readonly points = new Map<number, uPlot.Series.Points>();
  /** Of one drawing: what lies upon another needs that one's outline. */
  private outlines = new Map<number, uPlot.Series.Paths | null>();
  private picture: Picture | undefined;
  private work: Picture | undefined;

  /** Takes the drawing of all series out of uPlot's hands. To be called once all of them are added. */
  constructor(builder: UPlotConfigBuilder) {
    builder.getSeries().forEach((series, index) => {
      const original = series.getConfig.bind(series);
      series.getConfig = () => {
        const config = original();
        if (config.paths) this.builders.set(index + 1, config.paths);
        this.points.set(index + 1, config.points ?? {});
        return { ...config, paths: () => null, points: { ...config.points, show: false } };
      };
    });
  }

  /** For the hook `draw`: what is drawn already, and the start of what is not. */
  draw(plot: uPlot): void {
    const place = placeOf(plot);
    const { data } = plot;
    const isOf = (one: Picture | undefined): boolean => one?.data === data && one.place === place;
    if (!isOf(this.picture) && !isOf(this.work)) this.start(plot, { data, place, canvas: document.createElement('canvas') });
    const shown = this.picture;
    // The picture of before stays until the new one is whole, unless the plot has another size now.
    if (shown && shown.canvas.width === plot.ctx.canvas.width && shown.canvas.height === plot.ctx.canvas.height) plot.ctx.drawImage(shown.canvas, 0, 0);
  }

  /** Ends what is under way. */
  stop(): void {
    this.work = undefined;
    this.picture = undefined;
  }

  private start(plot: uPlot, work: Picture): void {
    this.work = work;
    this.outlines = new Map();
    work.canvas.width = plot.ctx.canvas.width;
    work.canvas.height = plot.ctx.canvas.height;
    const ctx = work.canvas.getContext('2d');
    if (!ctx) return;
    const { left, top, width, height } = plot.bbox;
    ctx.beginPath();
    ctx.rect(left, top, width, height);
    ctx.clip();
    this.slice(plot, work, ctx, 1);
  }

  private slice(plot: uPlot, work: Picture, ctx: CanvasRenderingContext2D, from: number): void {
    const until = performance.now() + SLICE_MS;
    let index = from;
    while (index < plot.series.length && performance.now() < until) {
      this.drawSeries(plot, ctx, index);
      index += 1;
    }
    if (index < plot.series.length) {
      setTimeout(() => this.work === work && this.slice(plot, work, ctx, index));
      return;
    }
    this.picture = work;
    this.work = undefined;
    this.outlines = new Map();
    plot.redraw(false, false);
  }

  private drawSeries(plot: uPlot, ctx: CanvasRenderingContext2D, index: number): void {
    const series: Painted | undefined = plot.series[index];
    if (!series?.show) return;
    const paths = this.outlineOf(plot, index);
    if (paths) {
      const width = (series.width ?? 1) * devicePixelRatio;
      paint(ctx, paths, { fill: series._fill, stroke: series._stroke, width, dash: series.dash, within: this.bandOf(plot, index) });
    }
    this.drawPoints(plot, ctx, index, paths?.gaps ?? null);
  }

  private outlineOf(plot: uPlot, index: number): uPlot.Series.Paths | null {
    const known = this.outlines.get(index);
    if (known !== undefined) return known;
    const made = this.builders.get(index)?.(plot, index, 0, plot.data[0].length - 1) ?? null;
    this.outlines.set(index, made);
    return made;
  }

  /** The side of the series below that this one's fill keeps to; undefined where it reaches to the axis. */
  private bandOf(plot: uPlot, index: number): Path2D | undefined {
    const banded: Banded = plot;
    const band = banded.bands?.find(({ series }) => series[0] === index);
    if (!band || plot.series[band.series[1]]?.show === false) return undefined;
    const side = this.outlineOf(plot, band.series[1])?.band;
    const chosen = Array.isArray(side) ? side[band.dir === 1 ? 0 : 1] : side;
    return chosen instanceof Path2D ? chosen : undefined;
  }

  private drawPoints(plot: uPlot, ctx: CanvasRenderingContext2D, index: number, gaps: null | number[][]): void {
    const asked = this.points.get(index);
    const points: Points | undefined = plot.series[index]?.points;
    const last = plot.data[0].length - 1;
    if (!asked || !points || typeof points.paths !== 'function') return;
    const isShown = typeof asked.show === 'function' ? asked.show(plot, index, 0, last, gaps) : (asked.show ?? hasRoomForPoints(plot, points));
    const chosen = typeof asked.filter === 'function' ? asked.filter(plot, index, isShown === true, gaps) : asked.filter;
    if (isShown !== true && !chosen) return;
    const paths = points.paths(plot, index, 0, last, chosen);
    const width = (points.width ?? 0) * devicePixelRatio;
    if (paths) paint(ctx, paths, { fill: points._fill ?? points._stroke, stroke: points._stroke, width, dash: undefined, within: undefined });
  }
}

interface Pen {
  fill: Paint['_fill'];
  stroke: Paint['_stroke'];
  width: number;
  dash: number[] | undefined;
  /** Of the fill alone. */
  within: Path2D | undefined;
}

function paint(ctx: CanvasRenderingContext2D, paths: uPlot.Series.Paths, { fill, stroke, width, dash, within }: Pen): void {
  ctx.save();
  if (paths.clip) ctx.clip(paths.clip);
  if (paths.fill instanceof Path2D && fill) {
    ctx.save();
    if (within) ctx.clip(within);
    ctx.fillStyle = fill;
    ctx.fill(paths.fill);
    ctx.restore();
  }
  if (paths.stroke instanceof Path2D && stroke && width > 0) {
    ctx.strokeStyle = stroke;
    ctx.lineWidth = width;
    ctx.lineJoin = 'round';
    ctx.setLineDash((dash ?? []).map((px) => px * devicePixelRatio));
    ctx.stroke(paths.stroke);
  }
  ctx.restore();
}
