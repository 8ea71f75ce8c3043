// Series for the tests of this layer.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "model/histogram.h"
#include "model/labels.h"
#include "model/sample.h"
#include "storage/querier.h"

namespace narthex::promblock {

// Columns that own what they show.
struct OwnedColumns {
  std::vector<model::TimestampMs> times;
  std::vector<double> values;
  std::vector<std::unique_ptr<model::FloatHistogram>> histograms;  // null where a float
  std::vector<const model::FloatHistogram*> pointers;

  void Add(model::TimestampMs time, double value) {
    times.push_back(time);
    values.push_back(value);
    histograms.push_back(nullptr);
    pointers.push_back(nullptr);
  }
  void Add(model::TimestampMs time, model::FloatHistogram histogram) {
    times.push_back(time);
    values.push_back(histogram.sum);
    histograms.push_back(std::make_unique<model::FloatHistogram>(std::move(histogram)));
    pointers.push_back(histograms.back().get());
  }
  storage::SampleColumns View() const { return {times, values, 0, pointers, {}}; }
};

// The buckets of one side that are not empty, by index.
inline std::map<std::int64_t, double> BucketsOf(const std::vector<model::HistogramSpan>& spans,
                                                const std::vector<double>& counts) {
  std::map<std::int64_t, double> buckets;
  std::int64_t index = 0;
  std::size_t next = 0;
  for (const model::HistogramSpan& span : spans) {
    index += span.offset;
    for (std::uint32_t i = 0; i < span.length; ++i, ++index) {
      if (counts[next] != 0) buckets[index] = counts[next];
      ++next;
    }
  }
  return buckets;
}

// Whether they say the same; empty buckets and what is known of resets do not count.
inline bool SameHistogram(const model::FloatHistogram& a, const model::FloatHistogram& b) {
  if (model::IsStaleNan(a.sum) || model::IsStaleNan(b.sum)) return model::SameBits(a.sum, b.sum);
  return a.schema == b.schema && model::SameBits(a.zero_threshold, b.zero_threshold) &&
         model::SameBits(a.zero_count, b.zero_count) && model::SameBits(a.count, b.count) &&
         model::SameBits(a.sum, b.sum) && a.custom_values == b.custom_values &&
         BucketsOf(a.positive_spans, a.positive_buckets) ==
             BucketsOf(b.positive_spans, b.positive_buckets) &&
         BucketsOf(a.negative_spans, a.negative_buckets) ==
             BucketsOf(b.negative_spans, b.negative_buckets);
}

// Says at which position two columns differ; empty if they do not.
inline std::string Difference(const storage::SampleColumns& got,
                              const storage::SampleColumns& want) {
  if (got.timestamps.size() != want.timestamps.size()) {
    return "count " + std::to_string(got.timestamps.size()) + ", not " +
           std::to_string(want.timestamps.size());
  }
  for (std::size_t i = 0; i < want.timestamps.size(); ++i) {
    const auto* const a = got.histograms.empty() ? nullptr : got.histograms[i];
    const auto* const b = want.histograms.empty() ? nullptr : want.histograms[i];
    const bool is_same =
        got.timestamps[i] == want.timestamps[i] && model::SameBits(got.values[i], want.values[i]) &&
        (a == nullptr) == (b == nullptr) && (a == nullptr || SameHistogram(*a, *b));
    if (!is_same) return "at position " + std::to_string(i);
  }
  return {};
}

// Floats of every kind at an uneven pace.
inline OwnedColumns MakeFloats(std::size_t count, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  OwnedColumns columns;
  model::TimestampMs time = 1'700'000'000'000 + static_cast<std::int64_t>(seed);
  double value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    constexpr std::int64_t kGaps[] = {15'000, 15'000, 15'000, 15'001, 14'000, 1, 90'000, 7'200'000};
    time += kGaps[random() % 8];
    switch (random() % 6) {
      case 0:
        value += 1;
        break;
      case 1:
        value = static_cast<double>(random()) / 7;
        break;
      case 2:
        value = std::bit_cast<double>(random());
        break;
      default:
        break;
    }
    columns.Add(time, i % 50 == 49 ? model::StaleNan() : value);
  }
  return columns;
}

// A growing histogram with new buckets now and then and a reset every 70 samples. `step` is what a
// bucket grows by: a whole number makes an integer histogram.
inline OwnedColumns MakeHistograms(std::size_t count, double step, model::CounterResetHint hint) {
  std::mt19937_64 random(count);
  OwnedColumns columns;
  std::map<std::int64_t, double> buckets;
  model::FloatHistogram histogram;
  for (std::size_t i = 0; i < count; ++i) {
    if (i % 70 == 0) {
      buckets = {{-3, step}, {4, step}};
      histogram = {.reset_hint = hint, .schema = 3, .zero_threshold = 1e-128};
    }
    buckets[static_cast<std::int64_t>(random() % (5 + i))] += step;
    histogram.zero_count += step;
    histogram.sum += 0.1 * static_cast<double>(random() % 100);
    histogram.positive_spans.clear();
    histogram.positive_buckets.clear();
    histogram.negative_spans = {{-2, 1}};
    histogram.negative_buckets = {histogram.zero_count};
    histogram.count = 2 * histogram.zero_count;
    std::int64_t next = 0;
    for (const auto& [index, bucket] : buckets) {
      histogram.positive_spans.push_back({static_cast<std::int32_t>(index - next), 1});
      histogram.positive_buckets.push_back(bucket);
      histogram.count += bucket;
      next = index + 1;
    }
    columns.Add(1'700'000'000'000 + static_cast<std::int64_t>(i) * 15'000, histogram);
  }
  return columns;
}

inline model::FloatHistogram CustomHistogram(double count) {
  model::FloatHistogram histogram;
  histogram.schema = model::kCustomBucketsSchema;
  histogram.custom_values = {0.005, 0.1, 1.0 / 3, 2.5, 1e9};
  histogram.positive_spans = {{0, 2}, {1, 1}};
  histogram.positive_buckets = {count, count, 2 * count};
  histogram.count = 4 * count;
  histogram.sum = 1.5 * count;
  return histogram;
}

}  // namespace narthex::promblock
