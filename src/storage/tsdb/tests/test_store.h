// A store with a few series, for tests.
#pragma once

#include <gtest/gtest.h>

#include "base/log.h"
#include "fake_clock.h"
#include "fault_file_system.h"
#include "temporary_directory.h"
#include "tsdb/tsdb.h"

namespace narthex::tsdb {

inline constexpr TimestampMs kHour = 3'600'000;
inline constexpr TimestampMs kStep = 60'000;

// A store with four series in one group, sampled each minute.
class TestStore {
 public:
  explicit TestStore(const std::string& directory, io::FileSystem& files = io::SystemFiles())
      : files_(files) {
    ConfigureLog({.level = LogLevel::kError});
    options_.directory = directory;
    options_.upkeep_interval = std::chrono::milliseconds(0);
    Open();
  }

  TsdbOptions& options() { return options_; }
  FakeClock& clock() { return clock_; }
  Tsdb& store() { return *store_; }
  void Close() { store_.reset(); }
  void Open() {
    store_.reset();
    auto store = Tsdb::Open(files_, clock_, options_);
    ASSERT_TRUE(store.ok()) << store.error().message();
    store_ = std::move(store).value();
    group_ = store_->appender().NewGroup();
    refs_.clear();
  }

  Status Append(TimestampMs time) {
    if (refs_.empty()) {
      std::vector<model::LabelSet> labels;
      for (int i = 0; i < 4; ++i) labels.push_back({{"__name__", "m"}, {"i", std::to_string(i)}});
      NARTHEX_ASSIGN_OR_RETURN(refs_, store_->appender().Resolve(group_, labels));
    }
    const std::vector<double> values = {double(time), 1, double(time % 7), double(time) / 1000};
    NARTHEX_ASSIGN_OR_RETURN(
        const auto outcome,
        store_->appender().Append(
            {.group = group_, .timestamp = time, .series = refs_, .values = values}));
    if (!outcome.unknown_series.empty()) {
      refs_.clear();
      return Append(time);
    }
    EXPECT_EQ(outcome.appended_count, 4u);
    return Ok();
  }

  // Half-open.
  void AppendRange(TimestampMs from, TimestampMs until) {
    for (TimestampMs t = from; t < until; t += kStep) {
      const Status appended = Append(t);
      ASSERT_TRUE(appended.ok()) << appended.error().message();
    }
  }

  std::vector<model::Sample> Read(const std::string& series, model::TimeRange range = {}) {
    auto querier = store_->OpenQuerier(range);
    EXPECT_TRUE(querier.ok());
    const auto matcher = model::Matcher::Equal("i", series);
    auto set = (*querier)->Select(std::span(&matcher, 1), {});
    std::vector<model::Sample> samples;
    while ((*set)->Next()) {
      const auto columns = (*set)->samples();
      EXPECT_TRUE(columns.ok());
      for (std::size_t i = 0; i < columns->values.size(); ++i) {
        samples.push_back({columns->timestamps[i], columns->values[i]});
      }
    }
    EXPECT_TRUE((*set)->status().ok());
    return samples;
  }

  void ExpectRange(TimestampMs from, TimestampMs until) {
    for (int i = 0; i < 4; ++i) {
      const auto samples = Read(std::to_string(i));
      ASSERT_EQ(samples.size(), static_cast<std::size_t>((until - from) / kStep));
      for (std::size_t k = 0; k < samples.size(); ++k) {
        const TimestampMs time = from + static_cast<TimestampMs>(k) * kStep;
        ASSERT_EQ(samples[k].timestamp, time);
        if (i == 3) {
          ASSERT_EQ(samples[k].value, double(time) / 1000);
        }
      }
    }
  }

 private:
  io::FileSystem& files_;
  FakeClock clock_;
  TsdbOptions options_;
  std::unique_ptr<Tsdb> store_;
  storage::GroupRef group_ = 0;
  std::vector<storage::SeriesRef> refs_;
};

}  // namespace narthex::tsdb
