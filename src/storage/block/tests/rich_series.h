// Series of every kind that a block can hold, and whether they came back.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "block/block.h"
#include "block/writer.h"

namespace narthex::block {

struct RichSample {
  model::TimestampMs time = 0;
  double value = 0;
  std::optional<model::FloatHistogram> histogram = {};
  model::TimestampMs start = 0;
};
using RichContent = std::map<model::LabelSet, std::vector<RichSample>>;

// The columns of samples, owned.
struct RichColumns {
  explicit RichColumns(const std::vector<RichSample>& samples) {
    bool has_histograms = false;
    bool has_starts = false;
    for (const RichSample& sample : samples) {
      times.push_back(sample.time);
      values.push_back(sample.histogram ? sample.histogram->sum : sample.value);
      histograms.push_back(sample.histogram ? &*sample.histogram : nullptr);
      starts.push_back(sample.start);
      has_histograms = has_histograms || sample.histogram.has_value();
      has_starts = has_starts || sample.start != 0;
    }
    if (!has_histograms) histograms.clear();
    if (!has_starts) starts.clear();
  }
  storage::SampleColumns columns() const { return {times, values, 0, histograms, starts}; }

  std::vector<model::TimestampMs> times;
  std::vector<double> values;
  std::vector<const model::FloatHistogram*> histograms;
  std::vector<model::TimestampMs> starts;
};

inline Result<BlockMeta> WriteRich(io::FileSystem& files, const std::string& directory,
                                   BlockMeta meta, const RichContent& content) {
  NARTHEX_ASSIGN_OR_RETURN(const auto writer, BlockWriter::Create(files, directory, meta));
  for (const auto& [labels, samples] : content) {
    NARTHEX_TRY(writer->Add(labels, RichColumns(samples).columns()));
  }
  return writer->Finish();
}

inline void ExpectSameSamples(const storage::SampleColumns& got,
                              const std::vector<RichSample>& want) {
  ASSERT_EQ(got.timestamps.size(), want.size());
  ASSERT_EQ(got.values.size(), want.size());
  for (std::size_t i = 0; i < want.size(); ++i) {
    ASSERT_EQ(got.timestamps[i], want[i].time) << i;
    const auto* histogram = got.histograms.empty() ? nullptr : got.histograms[i];
    ASSERT_EQ(histogram != nullptr, want[i].histogram.has_value()) << i;
    if (histogram != nullptr) {
      ASSERT_TRUE(model::SameBits(histogram->sum, want[i].histogram->sum)) << i;
      ASSERT_EQ(histogram->positive_buckets, want[i].histogram->positive_buckets) << i;
      ASSERT_EQ(histogram->count, want[i].histogram->count) << i;
      ASSERT_TRUE(model::SameBits(got.values[i], histogram->sum)) << i;
    } else {
      ASSERT_TRUE(model::SameBits(got.values[i], want[i].value)) << i;
    }
    ASSERT_EQ(got.start_timestamps.empty() ? 0 : got.start_timestamps[i], want[i].start) << i;
  }
}

// What of `content` lies in `range`, without series that have nothing there.
inline RichContent Within(const RichContent& content, model::TimeRange range) {
  RichContent within;
  for (const auto& [labels, samples] : content) {
    for (const RichSample& sample : samples) {
      if (range.Contains(sample.time)) within[labels].push_back(sample);
    }
  }
  return within;
}

// That `range` of the block holds exactly `want`; series without samples do not count.
inline void ExpectContent(Block& block, model::TimeRange range, const RichContent& want) {
  const auto querier = block.OpenQuerier(range);
  ASSERT_TRUE(querier.ok());
  const auto set = (*querier)->Select({}, {});
  ASSERT_TRUE(set.ok());
  std::size_t count = 0;
  while ((*set)->Next()) {
    SCOPED_TRACE((*set)->labels().ToMetricString());
    const auto columns = (*set)->samples();
    ASSERT_TRUE(columns.ok()) << columns.error().message();
    if (columns->timestamps.empty()) continue;
    const auto found = want.find((*set)->labels());
    ASSERT_NE(found, want.end());
    ExpectSameSamples(*columns, found->second);
    ++count;
  }
  EXPECT_EQ(count, want.size());
}

}  // namespace narthex::block
