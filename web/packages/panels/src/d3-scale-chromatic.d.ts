// The package ships no types; these are the scales in use.
declare module 'd3-scale-chromatic' {
  type Interpolator = (share: number) => string;
  export const interpolateBlues: Interpolator;
  export const interpolateBuPu: Interpolator;
  export const interpolateCividis: Interpolator;
  export const interpolateGnBu: Interpolator;
  export const interpolateGreens: Interpolator;
  export const interpolateGreys: Interpolator;
  export const interpolateInferno: Interpolator;
  export const interpolateMagma: Interpolator;
  export const interpolateOranges: Interpolator;
  export const interpolateOrRd: Interpolator;
  export const interpolatePlasma: Interpolator;
  export const interpolatePuBu: Interpolator;
  export const interpolatePuRd: Interpolator;
  export const interpolatePurples: Interpolator;
  export const interpolateRdPu: Interpolator;
  export const interpolateRdYlBu: Interpolator;
  export const interpolateRdYlGn: Interpolator;
  export const interpolateReds: Interpolator;
  export const interpolateSpectral: Interpolator;
  export const interpolateTurbo: Interpolator;
  export const interpolateViridis: Interpolator;
  export const interpolateYlGn: Interpolator;
  export const interpolateYlGnBu: Interpolator;
  export const interpolateYlOrBr: Interpolator;
  export const interpolateYlOrRd: Interpolator;
}
