#include "zero_samples.h"

namespace narthex::scrape {

namespace {

model::FloatHistogram EmptyOfKind(const model::FloatHistogram& histogram) {
  model::FloatHistogram empty;
  empty.reset_hint = model::CounterResetHint::kReset;
  empty.schema = histogram.schema;
  empty.zero_threshold = histogram.zero_threshold;
  empty.custom_values = histogram.custom_values;
  return empty;
}

}  // namespace

ZeroSamples::ZeroSamples(const SampleColumn& column, model::TimestampMs time) {
  for (std::size_t i = 0; i < column.starts.size(); ++i) {
    const model::TimestampMs start = column.starts[i];
    if (start == 0 || start >= (column.timestamps.empty() ? time : column.timestamps[i])) continue;
    refs_.push_back(column.refs[i]);
    timestamps_.push_back(start);
    const model::FloatHistogram* const first =
        i < column.histograms.size() ? column.histograms[i] : nullptr;
    if (first == nullptr) continue;
    histograms_.push_back(EmptyOfKind(*first));
    pointers_.resize(refs_.size() - 1, nullptr);
    pointers_.push_back(&histograms_.back());
  }
  values_.assign(refs_.size(), 0);
  if (!pointers_.empty()) pointers_.resize(refs_.size(), nullptr);
}

}  // namespace narthex::scrape
