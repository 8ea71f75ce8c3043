// The samples of 0 that mark where others begin to count.
#pragma once

#include <deque>
#include <vector>

#include "body_reader.h"
#include "model/histogram.h"
#include "model/sample.h"
#include "storage/appender.h"

namespace narthex::scrape {

// One for each sample of a column that counts since before its own time. Histograms begin with an
// empty one of their kind that says that it is a reset.
// Source: Prometheus, "Start (Created) Timestamps Zero Injection"; spec FF-011.
class ZeroSamples {
 public:
  // `time` is that of the samples, where they bring none of their own.
  ZeroSamples(const SampleColumn& column, model::TimestampMs time);

  const std::vector<storage::SeriesRef>& refs() const { return refs_; }
  const std::vector<model::TimestampMs>& timestamps() const { return timestamps_; }
  const std::vector<double>& values() const { return values_; }
  // Null for plain samples; empty if all are.
  const std::vector<const model::FloatHistogram*>& histograms() const { return pointers_; }

 private:
  std::vector<storage::SeriesRef> refs_;
  std::vector<model::TimestampMs> timestamps_;
  std::vector<double> values_;
  std::vector<const model::FloatHistogram*> pointers_;
  std::deque<model::FloatHistogram> histograms_;  // a deque: pointers_ points into it
};

}  // namespace narthex::scrape
