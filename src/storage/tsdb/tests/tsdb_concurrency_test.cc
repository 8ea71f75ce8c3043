// Appenders, queriers and upkeep at the same time.
#include <gtest/gtest.h>

#include <atomic>
#include <barrier>
#include <map>
#include <thread>

#include "base/check.h"
#include "base/log.h"
#include "temporary_directory.h"
#include "tsdb/tsdb.h"

namespace narthex::tsdb {
namespace {

constexpr int kAppenderCount = 3;
constexpr int kSeriesCount = 20;
constexpr TimestampMs kStep = 1000;
constexpr TimestampMs kBlockRange = 60 * kStep;
constexpr int kBatchCount = 600;

// Every value of a batch is its number, so a batch seen in part, or out of order, shows.
void AppendAll(storage::Appender& appender, int number, std::barrier<>& meeting) {
  const storage::GroupRef group = appender.NewGroup();
  std::vector<model::LabelSet> labels;
  for (int i = 0; i < kSeriesCount; ++i) {
    labels.push_back({{"appender", std::to_string(number)}, {"i", std::to_string(i)}});
  }
  auto refs = appender.Resolve(group, labels);
  NARTHEX_CHECK(refs.ok(), "the log can be written");
  for (int step = 0; step < kBatchCount; ++step) {
    // Nobody runs so far ahead that the others' samples are out of bounds.
    if (step % 10 == 0) meeting.arrive_and_wait();
    const std::vector<double> values(kSeriesCount, step);
    storage::Batch batch{
        .group = group, .timestamp = step * kStep, .series = *refs, .values = values};
    auto outcome = appender.Append(batch);
    NARTHEX_CHECK(outcome.ok(), "the log can be written");
    if (!outcome->unknown_series.empty()) {
      refs = appender.Resolve(group, labels);
      batch.series = *refs;
      outcome = appender.Append(batch);
    }
    EXPECT_EQ(outcome->appended_count, static_cast<std::size_t>(kSeriesCount));
  }
}

void Query(Tsdb& store, const std::atomic<bool>& stop) {
  while (!stop) {
    const auto querier = store.OpenQuerier({});
    ASSERT_TRUE(querier.ok());
    const auto set = (*querier)->Select({}, {});
    ASSERT_TRUE(set.ok());
    std::map<std::string, std::size_t> count_by_appender;
    while ((*set)->Next()) {
      const auto columns = (*set)->samples();
      ASSERT_TRUE(columns.ok());
      for (std::size_t i = 0; i < columns->values.size(); ++i) {
        ASSERT_EQ(columns->timestamps[i], static_cast<TimestampMs>(columns->values[i]) * kStep);
        ASSERT_EQ(columns->values[i], static_cast<double>(i));
      }
      const auto [entry, is_new] = count_by_appender.try_emplace(
          std::string((*set)->labels().Get("appender")), columns->values.size());
      // All series of an appender come in the same batches.
      ASSERT_EQ(entry->second, columns->values.size());
    }
    ASSERT_TRUE((*querier)->LabelValues("i", {}, {}).ok());
    (void)store.stats();
    (void)store.cardinality(5);
  }
}

TEST(Tsdb, QueriesSeeWholeBatchesWhileBlocksAreCutAndSamplesComeIn) {
  ConfigureLog({.level = LogLevel::kError});
  const io::TemporaryDirectory directory;
  TsdbOptions options;
  options.directory = directory.path();
  options.block_range = std::chrono::milliseconds(kBlockRange);
  options.retention.time = std::chrono::hours(0);
  options.upkeep_interval = std::chrono::milliseconds(1);
  options.wal_segment_size_bytes = 4096;
  options.wal_sync_interval = std::chrono::milliseconds(1);
  auto store = Tsdb::Open(io::SystemFiles(), SystemClock(), options);
  ASSERT_TRUE(store.ok());
  std::atomic<bool> stop = false;
  std::barrier<> meeting(kAppenderCount);
  {
    std::vector<std::jthread> queriers;
    for (int i = 0; i < 2; ++i) queriers.emplace_back([&] { Query(**store, stop); });
    {
      std::vector<std::jthread> appenders;
      for (int i = 0; i < kAppenderCount; ++i) {
        appenders.emplace_back([&, i] { AppendAll((*store)->appender(), i, meeting); });
      }
    }
    stop = true;
  }
  ASSERT_TRUE((*store)->Maintain().ok());
  EXPECT_GE((*store)->stats().compaction_count, 8u);
  const auto querier = (*store)->OpenQuerier({});
  const auto set = (*querier)->Select({}, {});
  int series_count = 0;
  while ((*set)->Next()) {
    ++series_count;
    EXPECT_EQ((*set)->samples()->values.size(), static_cast<std::size_t>(kBatchCount));
  }
  EXPECT_EQ(series_count, kAppenderCount * kSeriesCount);
}

}  // namespace
}  // namespace narthex::tsdb
