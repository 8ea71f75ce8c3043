// Quantiles, fractions and moments of native histograms.
#pragma once

#include "model/histogram.h"

namespace narthex::engine {

struct NativeQuantile {
  double value = 0;
  // Observations of NaN are in no bucket: the quantile is among them; or they count as the largest.
  bool is_among_nans = false;
  bool is_skewed_by_nans = false;
};

// The q-quantile. Within exponential buckets observations are taken to be spread evenly over the
// logarithm, within custom ones and the zero bucket evenly over the value. -Inf for q < 0, +Inf for
// q > 1, NaN for q NaN and without observations.
// Source: Prometheus, functions.md, histogram_quantile.
NativeQuantile QuantileOf(double q, const model::FloatHistogram& histogram);

struct NativeFraction {
  double value = 0;
  bool excludes_nans = false;  // observations of NaN are in no fraction
};

// The share of observations between `lower` and `upper`, spread as above; NaN where there is none.
// Source: Prometheus, functions.md, histogram_fraction.
NativeFraction FractionOf(double lower, double upper, const model::FloatHistogram& histogram);

// The variance, as if all observations of a bucket lay at its (geometric) mean.
double VarianceOf(const model::FloatHistogram& histogram);

// The share of a bucket's observations up to `value`, which lies strictly inside its finite bounds.
double ShareBelow(double value, double lower, double upper, bool is_linear);

}  // namespace narthex::engine
