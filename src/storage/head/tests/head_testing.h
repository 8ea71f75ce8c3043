// A head for tests, and its content as plain vectors.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "fake_clock.h"
#include "head/head.h"
#include "io/file_system.h"

namespace narthex::head {

struct ReadSeries {
  std::string name;  // all labels in one text
  std::vector<model::Sample> samples;
  std::uint64_t time_column_id = 0;
  std::vector<std::optional<model::FloatHistogram>> histograms = {};  // as many, or none
  std::vector<TimestampMs> starts = {};                               // as many, or none
};

inline std::vector<ReadSeries> ReadAll(storage::Querier& querier) {
  std::vector<ReadSeries> all;
  auto set = querier.Select({}, {});
  EXPECT_TRUE(set.ok());
  while ((*set)->Next()) {
    ReadSeries series;
    for (const model::Label& label : (*set)->labels()) {
      if (!series.name.empty()) series.name += ",";
      series.name += label.value;
    }
    const auto columns = (*set)->samples();
    EXPECT_TRUE(columns.ok());
    if (!columns.ok()) continue;
    for (std::size_t i = 0; i < columns->values.size(); ++i) {
      series.samples.push_back({columns->timestamps[i], columns->values[i]});
    }
    series.time_column_id = columns->time_column_id;
    for (const model::FloatHistogram* one : columns->histograms) {
      series.histograms.push_back(one == nullptr ? std::nullopt : std::optional(*one));
    }
    series.starts.assign(columns->start_timestamps.begin(), columns->start_timestamps.end());
    all.push_back(std::move(series));
  }
  EXPECT_TRUE((*set)->status().ok());
  return all;
}

inline void ExpectSamples(const std::vector<model::Sample>& got,
                          const std::vector<model::Sample>& want) {
  ASSERT_EQ(got.size(), want.size());
  for (std::size_t i = 0; i < want.size(); ++i) {
    ASSERT_EQ(got[i].timestamp, want[i].timestamp) << i;
    ASSERT_TRUE(model::SameBits(got[i].value, want[i].value)) << i;
  }
}

class TestHead {
 public:
  explicit TestHead(HeadOptions options = {}, io::FileSystem& files = io::SystemFiles())
      : options_(std::move(options)), files_(files) {
    Reopen();
  }

  Head& head() { return *head_; }
  FakeClock& clock() { return clock_; }
  void Close() { head_.reset(); }
  void Reopen() {
    head_.reset();
    auto head = Head::Open(files_, clock_, options_);
    EXPECT_TRUE(head.ok()) << (head.ok() ? "" : head.error().message());
    head_ = std::move(head).value();
  }

  std::vector<storage::SeriesRef> Resolve(storage::GroupRef group,
                                          const std::vector<model::LabelSet>& labels) {
    auto refs = head_->Resolve(group, labels);
    EXPECT_TRUE(refs.ok()) << (refs.ok() ? "" : refs.error().message());
    return refs.ok() ? std::move(refs).value() : std::vector<storage::SeriesRef>();
  }

  storage::AppendOutcome Append(storage::GroupRef group, TimestampMs time,
                                const std::vector<storage::SeriesRef>& refs,
                                const std::vector<double>& values) {
    auto outcome =
        head_->Append({.group = group, .timestamp = time, .series = refs, .values = values});
    EXPECT_TRUE(outcome.ok()) << (outcome.ok() ? "" : outcome.error().message());
    return outcome.ok() ? std::move(outcome).value() : storage::AppendOutcome();
  }

  void AppendAll(storage::GroupRef group, TimestampMs time,
                 const std::vector<storage::SeriesRef>& refs, const std::vector<double>& values) {
    EXPECT_EQ(Append(group, time, refs, values).appended_count, refs.size());
  }

  std::vector<ReadSeries> Read(model::TimeRange range = {}) {
    auto querier = head_->OpenQuerier(range);
    EXPECT_TRUE(querier.ok());
    return ReadAll(**querier);
  }

 private:
  const HeadOptions options_;
  io::FileSystem& files_;
  FakeClock clock_;
  std::unique_ptr<Head> head_;
};

}  // namespace narthex::head
