// The geometry of a gauge: an arc that is open at the bottom, or a whole circle. Pure.

/** Where an arc begins and how far it goes, clockwise from the right. */
export interface Sweep {
  startDegrees: number;
  degrees: number;
}

export const ARC: Sweep = { startDegrees: -210, degrees: 240 };

export interface Circle {
  x: number;
  y: number;
  radius: number;
}

const pointAt = ({ x, y, radius }: Circle, degrees: number): string => {
  const radians = (degrees * Math.PI) / 180;
  return `${(x + radius * Math.cos(radians)).toFixed(2)} ${(y + radius * Math.sin(radians)).toFixed(2)}`;
};

/** Where a share of the arc, between 0 and 1, lies on the circle. */
export function pointOn({ x, y, radius }: Circle, share: number, sweep: Sweep = ARC): { x: number; y: number } {
  const radians = ((sweep.startDegrees + sweep.degrees * share) * Math.PI) / 180;
  return { x: x + radius * Math.cos(radians), y: y + radius * Math.sin(radians) };
}

/** The SVG path from share `from` to share `to` of the arc, both between 0 and 1; empty for none. */
export function arcPath(circle: Circle, from: number, to: number, sweep: Sweep = ARC): string {
  if (!(to > from)) return '';
  // An arc that ends where it starts is none: a whole circle takes two halves.
  if ((to - from) * sweep.degrees >= 360) {
    const middle = (from + to) / 2;
    return `${arcPath(circle, from, middle, sweep)}${arcPath(circle, middle, to, sweep)}`;
  }
  const start = sweep.startDegrees + sweep.degrees * from;
  const end = sweep.startDegrees + sweep.degrees * to;
  const isLarge = end - start > 180 ? 1 : 0;
  const r = circle.radius.toFixed(2);
  return `M${pointAt(circle, start)}A${r} ${r} 0 ${isLarge} 1 ${pointAt(circle, end)}`;
}

/** Where `value` lies in the range, held between 0 and 1; 0 for what is no number or has no range. */
export function shareOf(value: number, min: number, max: number): number {
  const share = (value - min) / (max - min);
  return Number.isFinite(share) ? Math.min(1, Math.max(0, share)) : 0;
}

export interface ThresholdBand {
  from: number;
  to: number;
  color: string;
}

/** The parts of the arc that the threshold steps colour, as shares of it. */
export function thresholdBands(
  steps: ReadonlyArray<{ value: number; color: string }>,
  isPercentage: boolean,
  min: number,
  max: number,
): ThresholdBand[] {
  const share = (value: number): number => {
    if (value === -Infinity) return 0;
    return isPercentage ? shareOf(value, 0, 100) : shareOf(value, min, max);
  };
  return steps
    .map(({ value, color }, index) => {
      const next = steps[index + 1];
      return { from: share(value), to: next ? share(next.value) : 1, color };
    })
    .filter(({ from, to }) => to > from);
}

/** The largest circle whose arc fits the box, and room for the text under it. */
export function fitCircle(width: number, height: number): Circle {
  // From the top of the circle to the arc's ends is 1 + sin(30 degrees) of the radius.
  const radius = Math.max(0, Math.min(width / 2, height / 1.5));
  return { x: width / 2, y: (height - radius * 1.5) / 2 + radius, radius };
}
