// Arithmetic on native histograms.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/result.h"
#include "model/histogram.h"

namespace narthex::model {

// What adding or subtracting had to decide.
struct HistogramMerge {
  // One said that the counter was reset, the other that it was not.
  bool has_reset_collision = false;
  // Custom bounds differed: the result has those that both had.
  bool has_reconciled_bounds = false;
};

// Adds up many histograms with compensated sums, so that the order hardly matters.
//
// Operands must be valid but for negative counts. Of two exponential schemas the wider one is kept,
// of two zero buckets the wider one, extended to the end of a bucket that it reaches into.
// Not thread-safe. Source: Prometheus, model/histogram. Conformance: histogram/float_histogram_add
class HistogramSum {
 public:
  explicit HistogramSum(const FloatHistogram& first);

  // Errors: kFailedPrecondition  one has custom buckets, the other exponential ones
  Result<HistogramMerge> Add(const FloatHistogram& other) { return AddTimes(other, 1); }
  Result<HistogramMerge> Subtract(const FloatHistogram& other) { return AddTimes(other, -1); }
  // Scale what has been added so far.
  void Divide(double divisor);
  void Multiply(double factor);

  // Whether a count or the sum of observations is infinite.
  bool HasOverflow() const;
  FloatHistogram Get() const;

 private:
  struct Number {
    double value = 0;
    double compensation = 0;

    void Add(double more);
    void Add(const Number& other);
    double Get() const;
  };
  struct Bucket {
    std::int32_t index = 0;
    Number count;
  };
  using Side = std::vector<Bucket>;

  template <typename Change>
  void ForEachNumber(Change change);
  static Side MakeSide(const std::vector<HistogramSpan>& spans, const std::vector<double>& counts);
  static void Reindex(Side& side, const std::vector<std::int32_t>& indexes);
  static void AddSide(Side& to, const Side& from, double factor);
  static void Take(const Side& side, std::vector<HistogramSpan>& spans,
                   std::vector<double>& counts);

  Result<HistogramMerge> AddTimes(const FloatHistogram& other, double factor);
  bool MergeHint(CounterResetHint hint);
  bool ReconcileBounds(HistogramSum& other);
  void ReconcileZeroBuckets(HistogramSum& other);
  // Moves what lies below a larger threshold into the zero bucket; the threshold may grow.
  void WidenZeroBucket(double threshold);
  void ReduceTo(std::int32_t schema);

  CounterResetHint hint_;
  std::int32_t schema_;
  double zero_threshold_;
  Number zero_count_;
  Number count_;
  Number sum_;
  Side positive_;
  Side negative_;
  std::vector<double> custom_values_;
};

// a + b and a - b; see HistogramSum.
struct HistogramResult {
  FloatHistogram histogram;
  HistogramMerge merge;
};
Result<HistogramResult> Add(const FloatHistogram& a, const FloatHistogram& b);
Result<HistogramResult> Subtract(const FloatHistogram& a, const FloatHistogram& b);

// All counts and the sum; a negative factor makes a gauge of it. Dividing by 0 leaves no buckets.
void Multiply(FloatHistogram& histogram, double factor);
void Divide(FloatHistogram& histogram, double divisor);

// Whether a counter was reset between `previous` and `current`: told by the hint of `current`, or
// by a count that went down, a bucket that is gone, a zero bucket or resolution that got finer.
// Conformance: histogram/float_histogram_detect_reset
bool IsReset(const FloatHistogram& current, const FloatHistogram& previous);

}  // namespace narthex::model
