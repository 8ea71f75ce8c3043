#include <gtest/gtest.h>

#include <map>
#include <random>

#include "fault_file_system.h"
#include "head_testing.h"
#include "temporary_directory.h"

namespace narthex::head {
namespace {

using model::LabelSet;
using model::Sample;

HeadOptions WithLog(const std::string& directory) {
  HeadOptions options;
  options.wal_directory = directory;
  options.wal.sync_interval = std::chrono::milliseconds(60'000);
  return options;
}

void ExpectSame(const std::vector<ReadSeries>& got, const std::vector<ReadSeries>& want) {
  ASSERT_EQ(got.size(), want.size());
  for (std::size_t i = 0; i < want.size(); ++i) {
    SCOPED_TRACE(want[i].name);
    EXPECT_EQ(got[i].name, want[i].name);
    ExpectSamples(got[i].samples, want[i].samples);
  }
}

// Appends in every way there is, with random series, gaps and groups.
void AppendMixed(TestHead& t, int round_count, TimestampMs start, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<LabelSet> labels;
  for (int i = 0; i < 12; ++i) labels.push_back({{"i", std::to_string(100 + i)}});
  labels.push_back({{"extra", std::to_string(seed)}});
  const auto refs = t.Resolve(1, labels);
  TimestampMs now = start;
  for (int round = 0; round < round_count; ++round) {
    now += 1000 + static_cast<TimestampMs>(random() % 3);
    std::vector<storage::SeriesRef> some;
    std::vector<double> values;
    std::vector<TimestampMs> times;
    for (std::size_t i = 0; i < refs.size(); ++i) {
      if (i % 3 == 2 && random() % 3 == 0) continue;
      some.push_back(refs[i]);
      values.push_back(i % 2 == 0 ? double(round) : static_cast<double>(random() % 1000) / 8);
      times.push_back(now + static_cast<TimestampMs>(i % 2));
    }
    storage::Batch batch{
        .group = 1 + random() % 2, .timestamp = now, .series = some, .values = values};
    if (round % 10 == 0) batch.group = 0;
    if (round % 15 == 0) batch.timestamps = times;
    ASSERT_TRUE(t.head().Append(batch).ok());
  }
}

TEST(Replay, GivesBackTheHeadThatWas) {
  const io::TemporaryDirectory directory;
  TestHead t(WithLog(directory / "wal"));
  for (std::uint64_t round = 0; round < 4; ++round) {
    AppendMixed(t, 400, 1'000'000 + TimestampMs(round) * 500'000, round);
    const auto before = t.Read();
    const HeadStats stats = t.head().stats();
    t.Reopen();
    ExpectSame(t.Read(), before);
    EXPECT_EQ(t.head().stats().range.from, stats.range.from);
    EXPECT_EQ(t.head().stats().range.until, stats.range.until);
    EXPECT_EQ(t.head().replay_report().damage_count, 0u);
  }
}

TEST(Replay, NewReferencesAndGroupsDoNotMeetOldOnes) {
  const io::TemporaryDirectory directory;
  TestHead t(WithLog(directory / "wal"));
  const auto group = t.head().NewGroup();
  const auto refs = t.Resolve(group, {{{"a", "1"}}});
  t.AppendAll(group, 1000, refs, {1});
  t.Reopen();
  EXPECT_GT(t.head().NewGroup(), group);
  EXPECT_GT(t.Resolve(1, {{{"a", "2"}}})[0], refs[0]);
  EXPECT_EQ(t.Resolve(1, {{{"a", "1"}}})[0], refs[0]);
}

TEST(Checkpoint, IsTheHeadAndKeepsSharedTimesShared) {
  const io::TemporaryDirectory directory;
  TestHead t(WithLog(directory / "wal"));
  const auto refs = t.Resolve(9, {{{"a", "1"}}, {{"a", "2"}}});
  for (int i = 0; i < 1000; ++i) t.AppendAll(9, 1000 * i, refs, {double(i), 1});
  ASSERT_TRUE(t.head().Checkpoint().ok());
  for (int i = 1000; i < 1100; ++i) t.AppendAll(9, 1000 * i, refs, {double(i), 1});
  const auto before = t.Read();
  t.Reopen();
  EXPECT_TRUE(t.head().replay_report().has_checkpoint);
  const auto after = t.Read();
  ExpectSame(after, before);
  EXPECT_NE(after[0].time_column_id, 0u);
  EXPECT_EQ(after[0].time_column_id, after[1].time_column_id);
}

TEST(Checkpoint, OfMixedSeriesAtAnyMomentLosesNothing) {
  const io::TemporaryDirectory directory;
  TestHead t(WithLog(directory / "wal"));
  for (std::uint64_t round = 0; round < 6; ++round) {
    SCOPED_TRACE(round);
    AppendMixed(t, 300, 1'000'000 + TimestampMs(round) * 400'000, round % 3);
    if (round % 2 == 0) {
      ASSERT_TRUE(t.head().Checkpoint().ok());
    }
    AppendMixed(t, 50, 1'320'000 + TimestampMs(round) * 400'000, round % 3);
    const auto before = t.Read();
    t.Reopen();
    ASSERT_EQ(t.head().replay_report().damage_count, 0u);
    ExpectSame(t.Read(), before);
  }
}

TEST(Checkpoint, IsDueWhenTheLogIsLargerThanTheLimitOfTheOccasion) {
  // Measured against a snapshot of some 25 kB, which every case begins with.
  constexpr std::uint64_t kNever = 1'000'000;
  const struct {
    std::string name;
    CheckpointOccasion occasion;
    std::uint64_t size_min, size_max, size_max_at_end;
    double want;  // of the size of the snapshot; 0: the smallest limit
  } cases[] = {
      {"twice the snapshot while samples come", CheckpointOccasion::kRunning, 0, kNever, 0, 2},
      {"once if it is large", CheckpointOccasion::kRunning, 0, 0, kNever, 1},
      {"half of it when none come", CheckpointOccasion::kQuiet, kNever, kNever, 0, 0.5},
      {"an eighth at the end", CheckpointOccasion::kEnd, kNever, kNever, 0, 0.125},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const io::TemporaryDirectory directory;
    HeadOptions options = WithLog(directory / "wal");
    options.log_size_bytes_min = c.size_min;
    options.log_size_bytes_max = c.size_max;
    options.log_size_bytes_max_at_end = c.size_max_at_end;
    TestHead t(options);
    AppendMixed(t, 1000, 1'000'000, 1);
    ASSERT_TRUE(t.head().Checkpoint().ok());
    const auto snapshot = static_cast<double>(t.head().stats().wal.checkpoint_size_bytes);
    for (int round = 0; t.head().stats().checkpoint_count == 1; ++round) {
      const wal::LogStats before = t.head().stats().wal;
      ASSERT_TRUE(t.head().CheckpointIfDue(c.occasion).ok());
      const auto logged = static_cast<double>(before.size_bytes - before.checkpoint_size_bytes);
      EXPECT_EQ(t.head().stats().checkpoint_count == 2, logged > c.want * snapshot) << logged;
      AppendMixed(t, 20, 3'000'000 + round * 100'000, 1);
    }
    const auto before = t.Read();
    t.Reopen();
    ExpectSame(t.Read(), before);
  }
}

TEST(Checkpoint, IsNotDueBelowTheSmallestLimit) {
  const io::TemporaryDirectory directory;
  HeadOptions options = WithLog(directory / "wal");
  options.log_size_bytes_min = 20'000;
  options.log_size_bytes_max_at_end = 2'000;
  TestHead t(options);
  const auto count_after = [&t](CheckpointOccasion occasion) {
    EXPECT_TRUE(t.head().CheckpointIfDue(occasion).ok());
    return t.head().stats().checkpoint_count;
  };
  AppendMixed(t, 20, 1'000'000, 1);
  EXPECT_EQ(count_after(CheckpointOccasion::kRunning), 0u);
  EXPECT_EQ(count_after(CheckpointOccasion::kQuiet), 0u);
  EXPECT_EQ(count_after(CheckpointOccasion::kEnd), 0u);
  AppendMixed(t, 50, 1'100'000, 1);
  EXPECT_EQ(count_after(CheckpointOccasion::kRunning), 0u);
  EXPECT_EQ(count_after(CheckpointOccasion::kEnd), 1u);
  EXPECT_GT(t.head().stats().wal.checkpoint_size_bytes, 0u);
  AppendMixed(t, 1000, 1'200'000, 1);
  EXPECT_EQ(count_after(CheckpointOccasion::kRunning), 2u);
}

TEST(Checkpoint, OnAFullDiskFailsAndLosesNothing) {
  for (std::int64_t room = 0; room < 6'000; room += 397) {
    SCOPED_TRACE(room);
    const io::TemporaryDirectory directory;
    io::FaultFileSystem files;
    HeadOptions options = WithLog(directory / "wal");
    options.log_size_bytes_max = 1'000;
    TestHead t(options, files);
    AppendMixed(t, 100, 1'000'000, 1);
    files.SetRoom(room);
    EXPECT_EQ(t.head().CheckpointIfDue(CheckpointOccasion::kRunning).code(), ErrorCode::kNoSpace);
    EXPECT_EQ(t.head().stats().checkpoint_failed_count, 1u);
    // Not again before the log has grown.
    EXPECT_TRUE(t.head().CheckpointIfDue(CheckpointOccasion::kRunning).ok());
    files.Heal();
    AppendMixed(t, 100, 1'200'000, 1);
    const auto before = t.Read();
    t.Reopen();
    EXPECT_EQ(t.head().replay_report().damage_count, 0u);
    ExpectSame(t.Read(), before);
    EXPECT_TRUE(t.head().CheckpointIfDue(CheckpointOccasion::kRunning).ok());
    t.Reopen();
    EXPECT_TRUE(t.head().replay_report().has_checkpoint);
    ExpectSame(t.Read(), before);
  }
}

TEST(Checkpoint, AMachineThatStopsAtAnyChangeKeepsAllThatWasSynced) {
  for (std::int64_t stop = 0; stop < 24; ++stop) {
    SCOPED_TRACE(stop);
    const io::TemporaryDirectory directory;
    io::FaultFileSystem files;
    TestHead t(WithLog(directory / "wal"), files);
    AppendMixed(t, 60, 1'000'000, 1);
    ASSERT_TRUE(t.head().Checkpoint().ok());
    AppendMixed(t, 60, 1'100'000, 2);
    const auto before = t.Read();
    files.StopAfter(stop);
    (void)t.head().Checkpoint();
    t.Close();
    files.Heal();
    t.Reopen();
    EXPECT_EQ(t.head().replay_report().damage_count, 0u);
    ExpectSame(t.Read(), before);
  }
}

TEST(Replay, DamageCostsAtMostWhatBuildsOnItAndNoLaterEpoch) {
  const io::TemporaryDirectory directory;
  constexpr int kScrapeCount = 200;
  {
    TestHead t(WithLog(directory / "wal"));
    const auto refs = t.Resolve(1, {{{"a", "1"}}, {{"a", "2"}}});
    for (int i = 0; i < kScrapeCount; ++i) t.AppendAll(1, 1000 * i, refs, {double(i), i / 3.0});
  }
  const std::string segment = directory / "wal/00000001.wal";
  const std::string whole = io::ReadFile(io::SystemFiles(), segment).value();
  std::size_t fewest = kScrapeCount;
  for (std::size_t at = 60; at < whole.size(); at += 37) {
    std::string bytes = whole;
    bytes[at] = static_cast<char>(bytes[at] ^ 4);
    const io::TemporaryDirectory copy;
    ASSERT_TRUE(io::SystemFiles().CreateDirectories(copy / "wal").ok());
    const auto file = io::SystemFiles().Open(copy / "wal/00000001.wal", io::OpenMode::kCreate);
    ASSERT_TRUE((*file)->Append(bytes).ok());
    TestHead t(WithLog(copy / "wal"));
    const wal::ReadReport& report = t.head().replay_report();
    EXPECT_GT(report.damage_count + report.torn_bytes, 0u);
    for (const ReadSeries& series : t.Read()) {
      fewest = std::min(fewest, series.samples.size());
      for (const Sample& sample : series.samples) {
        const double i = double(sample.timestamp / 1000);
        ASSERT_EQ(sample.value, series.name == "1" ? i : i / 3.0);
      }
    }
  }
  EXPECT_GE(fewest, kScrapeCount - 16u);
  EXPECT_LT(fewest, kScrapeCount - 8u);
}

TEST(Truncate, MakesTheLogSmallerAndKeepsTheRest) {
  const io::TemporaryDirectory directory;
  TestHead t(WithLog(directory / "wal"));
  AppendMixed(t, 2000, 1'000'000, 1);
  ASSERT_TRUE(t.head().Truncate(2'500'000, {}).ok());
  const auto before = t.Read();
  EXPECT_GE(before[0].samples.front().timestamp, 2'500'000);
  const std::uint64_t size = io::DirectorySize(io::SystemFiles(), directory / "wal").value();
  t.Reopen();
  ExpectSame(t.Read(), before);
  EXPECT_LT(size, 200'000u);
}

TEST(Replay, AFullDiskAtAnyByteLosesNothingAcknowledged) {
  for (std::int64_t room = 0; room < 1200; room += 17) {
    SCOPED_TRACE(room);
    const io::TemporaryDirectory directory;
    io::FaultFileSystem files;
    TestHead t(WithLog(directory / "wal"), files);
    std::map<std::string, std::vector<Sample>> want;
    files.SetRoom(room);
    for (int i = 0; i < 60; ++i) {
      if (i == 40) files.Heal();
      const std::string value = std::to_string(i % 7);
      const LabelSet labels = {{"a", value}};
      const auto refs = t.head().Resolve(1, std::span(&labels, 1));
      if (!refs.ok()) {
        ASSERT_EQ(refs.code(), ErrorCode::kNoSpace);
        continue;
      }
      const double number = i;
      const auto outcome = t.head().Append(
          {.group = 1, .timestamp = 1000 * i, .series = *refs, .values = std::span(&number, 1)});
      if (outcome.ok()) want[value].push_back({1000 * i, number});
    }
    for (int pass = 0; pass < 2; ++pass) {
      std::size_t found_count = 0;
      for (const ReadSeries& series : t.Read()) {
        found_count += series.samples.empty() ? 0u : 1u;
        ExpectSamples(series.samples, want[series.name]);
      }
      std::erase_if(want, [](const auto& entry) { return entry.second.empty(); });
      EXPECT_EQ(found_count, want.size());
      t.Reopen();
      EXPECT_EQ(t.head().replay_report().damage_count, 0u);
    }
  }
}

TEST(Replay, EveryTruncationOfTheLogGivesAHeadThatIsABeginning) {
  const io::TemporaryDirectory directory;
  {
    TestHead t(WithLog(directory / "wal"));
    const auto refs = t.Resolve(1, {{{"a", "1"}}, {{"a", "2"}}});
    for (int i = 0; i < 20; ++i) t.AppendAll(1, 1000 * i, refs, {double(i), double(i) / 3});
  }
  const std::string segment = directory / "wal/00000001.wal";
  const std::string whole = io::ReadFile(io::SystemFiles(), segment).value();
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    const io::TemporaryDirectory copy;
    ASSERT_TRUE(io::SystemFiles().CreateDirectories(copy / "wal").ok());
    const auto file = io::SystemFiles().Open(copy / "wal/00000001.wal", io::OpenMode::kCreate);
    ASSERT_TRUE((*file)->Append(std::string_view(whole).substr(0, size)).ok());
    TestHead t(WithLog(copy / "wal"));
    const auto read = t.Read();
    if (read.empty()) continue;
    ASSERT_EQ(read.size(), 2u);
    ASSERT_EQ(read[0].samples.size(), read[1].samples.size());
    for (std::size_t i = 0; i < read[0].samples.size(); ++i) {
      ASSERT_EQ(read[0].samples[i].value, double(i));
      ASSERT_EQ(read[1].samples[i].value, double(i) / 3);
    }
    if (size == whole.size()) {
      ASSERT_EQ(read[0].samples.size(), 20u);
    }
  }
}

TEST(Replay, FlippedBitsNeverGiveAWrongSample) {
  const io::TemporaryDirectory directory;
  {
    TestHead t(WithLog(directory / "wal"));
    const auto refs = t.Resolve(1, {{{"a", "1"}}, {{"a", "2"}}});
    for (int i = 0; i < 300; ++i) t.AppendAll(1, 1000 * i, refs, {double(i), double(i) / 3});
    ASSERT_TRUE(t.head().Checkpoint().ok());
    for (int i = 300; i < 320; ++i) t.AppendAll(1, 1000 * i, refs, {double(i), double(i) / 3});
  }
  std::map<std::string, std::string> files;
  const auto entries = io::SystemFiles().List(directory / "wal");
  for (const auto& entry : *entries) {
    files[entry.name] = io::ReadFile(io::SystemFiles(), directory / "wal/" + entry.name).value();
  }
  std::mt19937_64 random(2);
  for (int round = 0; round < 400; ++round) {
    const io::TemporaryDirectory copy;
    ASSERT_TRUE(io::SystemFiles().CreateDirectories(copy / "wal").ok());
    for (auto [name, bytes] : files) {
      const std::size_t at = random() % bytes.size();
      bytes[at] = static_cast<char>(bytes[at] ^ (1 << random() % 8));
      const auto file = io::SystemFiles().Open(copy / "wal/" + name, io::OpenMode::kCreate);
      ASSERT_TRUE((*file)->Append(bytes).ok());
    }
    TestHead t(WithLog(copy / "wal"));
    EXPECT_GT(t.head().stats().wal_corruption_count + t.head().replay_report().torn_bytes, 0u);
    for (const ReadSeries& series : t.Read()) {
      for (const Sample& sample : series.samples) {
        const double i = double(sample.timestamp / 1000);
        ASSERT_EQ(sample.value, series.name == "1" ? i : i / 3);
      }
    }
  }
}

}  // namespace
}  // namespace narthex::head
