#include <gtest/gtest.h>
#include <unistd.h>

#include <map>
#include <thread>

#include "block/block.h"
#include "exposition/metric_family.h"
#include "test_store.h"

namespace narthex::tsdb {
namespace {

using model::LabelSet;

TEST(Tsdb, CutsBeforeItsIntervalWhenTheHeadHoldsTooMuch) {
  const io::TemporaryDirectory directory;
  TestStore t(directory.path());
  t.options().upkeep_interval = std::chrono::hours(24 * 365);
  t.Open();
  t.AppendRange(0, 5 * kHour);
  // The year is not over before the thread has looked.
  while (t.store().stats().block_count == 0) {
    t.clock().Advance(std::chrono::seconds(2));
    std::this_thread::yield();
  }
  t.ExpectRange(0, 5 * kHour);
}

TEST(Tsdb, ASnapshotReplacesALogThatHasGrownAndGrowsNoMore) {
  const io::TemporaryDirectory directory;
  TestStore t(directory.path());
  t.options().upkeep_interval = std::chrono::hours(24 * 365);
  t.Open();
  t.AppendRange(0, kHour);
  // Above a megabyte, below which it would not be worth it.
  std::vector<LabelSet> labels;
  for (int i = 0; i < 1000; ++i)
    labels.push_back({{"long", std::to_string(i) + std::string(1100, 'x') + std::to_string(i)}});
  ASSERT_TRUE(t.store().appender().Resolve(1, labels).ok());
  while (t.store().stats().head.checkpoint_count == 0) {
    t.clock().Advance(std::chrono::seconds(2));
    std::this_thread::yield();
  }
  t.Close();
  t.Open();
  EXPECT_GT(t.store().stats().head.wal.checkpoint_size_bytes, 0u);
  EXPECT_EQ(t.store().stats().head.series_count, 1004u);
  t.ExpectRange(0, kHour);
}

TEST(Tsdb, SamplesOutliveTheStore) {
  const io::TemporaryDirectory directory;
  TestStore t(directory.path());
  t.AppendRange(0, kHour);
  t.Open();
  t.ExpectRange(0, kHour);
  t.AppendRange(kHour, 2 * kHour);
  t.Open();
  t.ExpectRange(0, 2 * kHour);
}

TEST(Tsdb, CutsBlocksAndReadsAcrossThem) {
  const io::TemporaryDirectory directory;
  TestStore t(directory.path());
  t.AppendRange(kHour / 2, 3 * kHour);
  ASSERT_TRUE(t.store().Maintain().ok());
  EXPECT_EQ(t.store().stats().block_count, 0u);
  for (TimestampMs hour = 3; hour < 12; ++hour) {
    t.AppendRange(hour * kHour, (hour + 1) * kHour);
    ASSERT_TRUE(t.store().Maintain().ok());
    t.ExpectRange(kHour / 2, (hour + 1) * kHour);
  }
  const TsdbStats stats = t.store().stats();
  // Five of two hours, of which three became one of six.
  EXPECT_EQ(stats.block_count, 3u);
  EXPECT_EQ(stats.compaction_count, 6u);
  EXPECT_EQ(stats.head.range.from, 10 * kHour);
  EXPECT_EQ(stats.oldest, 0);
  EXPECT_GT(stats.head.wal.size_bytes, 0u);
  t.Open();
  t.ExpectRange(kHour / 2, 12 * kHour);
  EXPECT_EQ(t.store().stats().block_count, 3u);
}

TEST(Tsdb, AGapOfADayDoesNotMakeEmptyBlocks) {
  const io::TemporaryDirectory directory;
  TestStore t(directory.path());
  t.AppendRange(0, kHour);
  t.AppendRange(25 * kHour, 26 * kHour);
  ASSERT_TRUE(t.store().Maintain().ok());
  EXPECT_EQ(t.store().stats().block_count, 1u);
  EXPECT_EQ(t.store().stats().head.range.from, 25 * kHour);
  EXPECT_EQ(t.Read("0").size(), 120u);
}

TEST(Tsdb, AnOpenQuerierKeepsWhatItSawWhileABlockIsCut) {
  const io::TemporaryDirectory directory;
  TestStore t(directory.path());
  t.AppendRange(0, 4 * kHour);
  auto querier = t.store().OpenQuerier({});
  std::jthread upkeep([&] { EXPECT_TRUE(t.store().Maintain().ok()); });
  while (t.store().stats().block_count == 0) std::this_thread::yield();
  auto set = (*querier)->Select({}, {});
  while ((*set)->Next()) EXPECT_EQ((*set)->samples()->values.size(), 240u);
  set = Error{ErrorCode::kCanceled, "closed"};
  querier = Error{ErrorCode::kCanceled, "closed"};
  upkeep.join();
  t.ExpectRange(0, 4 * kHour);
}

TEST(Tsdb, RetentionByTimeDropsWholeBlocks) {
  const io::TemporaryDirectory directory;
  TestStore t(directory.path());
  t.store().SetRetention({.time = std::chrono::hours(4)});
  t.AppendRange(0, 12 * kHour);
  ASSERT_TRUE(t.store().Maintain().ok());
  // Five blocks up to hour 10, of which those that end at hour 6 or before go.
  const TsdbStats stats = t.store().stats();
  EXPECT_EQ(stats.time_retention_count, 3u);
  EXPECT_EQ(stats.block_count, 2u);
  EXPECT_EQ(t.Read("0").front().timestamp, 6 * kHour);
  EXPECT_EQ(io::SystemFiles().List(directory / "blocks")->size(), 2u);
}

TEST(Tsdb, RetentionBySizeDropsTheOldest) {
  const io::TemporaryDirectory directory;
  TestStore t(directory.path());
  t.AppendRange(0, 12 * kHour);
  ASSERT_TRUE(t.store().Maintain().ok());
  const TsdbStats before = t.store().stats();
  const std::uint64_t total = before.block_bytes + before.head.wal.size_bytes;
  t.store().SetRetention({.time = std::chrono::hours(0), .size_bytes = total - 1});
  ASSERT_TRUE(t.store().Maintain().ok());
  EXPECT_EQ(t.store().stats().block_count, before.block_count - 1);
  EXPECT_EQ(t.store().stats().size_retention_count, 1u);
}

TEST(Tsdb, ADamagedBlockIsLeftOutAndLeftAlone) {
  const io::TemporaryDirectory directory;
  TestStore t(directory.path());
  t.AppendRange(0, 6 * kHour);
  ASSERT_TRUE(t.store().Maintain().ok());
  t.Close();
  const auto entries = io::SystemFiles().List(directory / "blocks");
  ASSERT_EQ(entries->size(), 2u);
  std::string index;
  for (const auto& entry : *entries) {
    const std::string path = directory / "blocks/" + entry.name;
    const std::string meta = io::ReadFile(io::SystemFiles(), path + "/meta").value();
    if (meta.find("min_time 0\n") != std::string::npos) index = path + "/index";
  }
  ASSERT_TRUE(io::WriteFileAtomically(io::SystemFiles(), index, "garbage").ok());
  t.Open();
  EXPECT_EQ(t.store().stats().damaged_block_count, 1u);
  EXPECT_EQ(t.Read("0").front().timestamp, 2 * kHour);
  EXPECT_TRUE(io::Exists(io::SystemFiles(), index));
}

TEST(Tsdb, SeriesAndLabelsAreThoseOfTheRangeAskedFor) {
  const io::TemporaryDirectory directory;
  TestStore t(directory.path());
  const auto append_late = [&](const char* name, TimestampMs time) {
    const LabelSet labels = {{"__name__", "late"}, {"i", name}, {name, "x"}};
    const auto refs = t.store().appender().Resolve(0, std::span(&labels, 1));
    const double value = 1;
    ASSERT_TRUE(t.store()
                    .appender()
                    .Append({.timestamp = time, .series = *refs, .values = std::span(&value, 1)})
                    .ok());
  };
  t.AppendRange(0, 3 * kHour / 2);
  append_late("block", 3 * kHour / 2);
  t.AppendRange(3 * kHour / 2, 5 * kHour);
  append_late("head", 5 * kHour);
  ASSERT_TRUE(t.store().Maintain().ok());
  ASSERT_EQ(t.store().stats().block_count, 1u);

  const struct {
    model::TimeRange range;
    std::vector<std::string> series;
    std::vector<std::string> values;
  } cases[] = {
      {{0, kHour}, {"0", "1", "2", "3"}, {"0", "1", "2", "3", "block"}},
      {{kHour, 2 * kHour - 1}, {"0", "1", "2", "3", "block"}, {"0", "1", "2", "3", "block"}},
      {{5 * kHour, 6 * kHour}, {"head"}, {"0", "1", "2", "3", "head"}},
      {{}, {"0", "1", "2", "3", "block", "head"}, {"0", "1", "2", "3", "block", "head"}},
      {{-kHour, -1}, {}, {}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.range.from);
    const auto querier = t.store().OpenQuerier(c.range);
    storage::SelectHints hints;
    hints.range = c.range;
    hints.is_labels_only = true;
    const auto set = (*querier)->Select({}, hints);
    std::vector<std::string> series;
    while ((*set)->Next()) series.emplace_back((*set)->labels().Get("i"));
    std::ranges::sort(series);
    EXPECT_EQ(series, c.series);
    EXPECT_EQ((*querier)->LabelValues("i", {}, {})->entries, c.values);
  }
}

TEST(Tsdb, ASecondProcessIsRefusedWithTheNumberOfTheFirst) {
  const io::TemporaryDirectory directory;
  TestStore t(directory.path());
  FakeClock clock;
  const auto second = Tsdb::Open(io::SystemFiles(), clock, t.options());
  ASSERT_EQ(second.code(), ErrorCode::kFailedPrecondition);
  EXPECT_NE(second.error().message().find(std::to_string(getpid())), std::string::npos);
}

TEST(Tsdb, FullDiskRefusesAppendsReadsOnAndResumesByItself) {
  const io::TemporaryDirectory directory;
  io::FaultFileSystem files;
  TestStore t(directory.path(), files);
  t.AppendRange(0, kHour);
  for (std::int64_t room = 0; room < 30; room += 3) {
    files.SetRoom(room);
    const Status refused = t.Append(kHour);
    ASSERT_EQ(refused.code(), ErrorCode::kNoSpace);
    EXPECT_NE(refused.error().message().find("No space left"), std::string::npos);
    EXPECT_TRUE(t.store().stats().refuses_appends);
    t.ExpectRange(0, kHour);
  }
  files.Heal();
  t.AppendRange(kHour, 2 * kHour);
  EXPECT_FALSE(t.store().stats().refuses_appends);
  t.ExpectRange(0, 2 * kHour);
  t.Open();
  EXPECT_EQ(t.store().stats().head.wal_corruption_count, 0u);
  t.ExpectRange(0, 2 * kHour);
}

TEST(Tsdb, FullDiskWhileABlockIsCutLosesNothing) {
  for (std::int64_t room = 0; room < 40'000; room += 1009) {
    SCOPED_TRACE(room);
    const io::TemporaryDirectory directory;
    io::FaultFileSystem files;
    TestStore t(directory.path(), files);
    t.AppendRange(0, 4 * kHour);
    files.SetRoom(room);
    const Status cut = t.store().Maintain();
    t.ExpectRange(0, 4 * kHour);
    files.Heal();
    t.Open();
    t.ExpectRange(0, 4 * kHour);
    ASSERT_TRUE(t.store().Maintain().ok());
    t.ExpectRange(0, 4 * kHour);
    if (cut.ok()) break;
  }
}

TEST(Tsdb, AStopAtAnyPointOfACutLosesNothing) {
  bool finished = false;
  for (std::int64_t stop = 0; !finished; ++stop) {
    SCOPED_TRACE(stop);
    ASSERT_LT(stop, 200);
    const io::TemporaryDirectory directory;
    io::FaultFileSystem files;
    {
      TestStore t(directory.path(), files);
      t.store().SetRetention({.time = std::chrono::hours(2)});
      t.AppendRange(0, 8 * kHour);
      files.StopAfter(stop);
      finished = t.store().Maintain().ok();
    }
    files.Heal();
    TestStore t(directory.path(), files);
    const auto samples = t.Read("3");
    ASSERT_FALSE(samples.empty());
    // Retention may have taken whole blocks from the front, nothing else may be missing.
    const TimestampMs first = samples.front().timestamp;
    EXPECT_EQ(first % (2 * kHour), 0);
    EXPECT_LE(first, 4 * kHour);
    t.ExpectRange(first, 8 * kHour);
  }
}

TEST(Tsdb, UpkeepRunsByItself) {
  const io::TemporaryDirectory directory;
  FakeClock clock;
  TsdbOptions options;
  options.directory = directory.path();
  options.wal_sync_interval = std::chrono::milliseconds(0);
  auto store = Tsdb::Open(io::SystemFiles(), clock, options);
  ASSERT_TRUE(store.ok());
  storage::Appender& appender = (*store)->appender();
  const LabelSet labels = {{"a", "1"}};
  const auto refs = appender.Resolve(1, std::span(&labels, 1));
  const double value = 1;
  for (int i = 0; i < 240; ++i) {
    ASSERT_TRUE(appender
                    .Append({.group = 1,
                             .timestamp = i * kStep,
                             .series = *refs,
                             .values = std::span(&value, 1)})
                    .ok());
  }
  clock.AwaitWaiters(1);
  clock.Advance(std::chrono::minutes(1));
  while ((*store)->stats().compaction_count == 0) std::this_thread::yield();
}

TEST(Tsdb, ShowsItselfUnderTheNamesThatDashboardsKnow) {
  const io::TemporaryDirectory directory;
  client::Registry registry;
  FakeClock clock;
  TsdbOptions options;
  options.directory = directory.path();
  options.registry = &registry;
  auto store = Tsdb::Open(io::SystemFiles(), clock, options);
  ASSERT_TRUE(store.ok());
  const LabelSet labels = {{"a", "1"}};
  ASSERT_TRUE((*store)->appender().Resolve(1, std::span(&labels, 1)).ok());
  std::map<std::string, double> values;
  for (const auto& family : registry.Gather()) {
    if (family.metrics.empty()) continue;
    if (const double* value = std::get_if<double>(&family.metrics.front().value))
      values[family.name] = *value;
  }
  EXPECT_EQ(values.at("prometheus_tsdb_head_series"), 1);
  EXPECT_EQ(values.at("prometheus_tsdb_head_series_created_total"), 1);
  for (const char* name :
       {"prometheus_tsdb_head_samples_appended_total", "prometheus_tsdb_wal_corruptions_total",
        "prometheus_tsdb_out_of_order_samples_total", "prometheus_tsdb_blocks_loaded",
        "prometheus_tsdb_head_max_time_seconds", "prometheus_tsdb_lowest_timestamp"}) {
    EXPECT_TRUE(values.contains(name)) << name;
  }
}

TEST(Tsdb, MeasuresSyncsAndThePagesThatBlocksAreCutWith) {
  const io::TemporaryDirectory directory;
  client::Registry registry;
  TestStore t(directory.path());
  t.options().registry = &registry;
  t.options().wal_sync_interval = std::chrono::milliseconds(0);
  t.Open();
  t.AppendRange(0, 4 * kHour);
  ASSERT_TRUE(t.store().Maintain().ok());
  const auto blocks = t.store().blocks();
  ASSERT_EQ(blocks.size(), 1u);
  const block::BlockMeta& meta = blocks.front()->meta();

  std::map<std::string, exposition::Histogram> histograms;
  std::map<std::string, exposition::Summary> summaries;
  for (const auto& family : registry.Gather()) {
    if (family.metrics.empty()) continue;
    const auto& value = family.metrics.front().value;
    if (const auto* one = std::get_if<exposition::Histogram>(&value))
      histograms[family.name] = *one;
    if (const auto* one = std::get_if<exposition::Summary>(&value)) summaries[family.name] = *one;
  }
  const std::string prefix = "prometheus_tsdb_compaction_chunk_";
  for (const char* name : {"size_bytes", "samples", "range_seconds"}) {
    EXPECT_EQ(histograms.at(prefix + name).count, double(meta.page_count)) << name;
  }
  EXPECT_EQ(histograms.at(prefix + "samples").sum, double(meta.sample_count));
  EXPECT_EQ(histograms.at(prefix + "range_seconds").sum, 4 * (120 - 1) * 60.0);
  EXPECT_EQ(summaries.at("prometheus_tsdb_wal_fsync_duration_seconds").count,
            double(t.store().stats().head.wal.sync_count));
  EXPECT_GT(summaries.at("prometheus_tsdb_wal_fsync_duration_seconds").count, 0);
}

}  // namespace
}  // namespace narthex::tsdb
