// What the log says of series, when it says it more than once.
#include <gtest/gtest.h>

#include "head_testing.h"
#include "temporary_directory.h"
#include "wal/batch.h"
#include "wal/log.h"

namespace narthex::head {
namespace {

using model::LabelSet;
using model::Sample;

LabelSet Numbered(std::uint64_t i) { return {{"__name__", "m"}, {"i", std::to_string(1000 + i)}}; }

// A log made by hand.
class LogMaker {
 public:
  explicit LogMaker(const std::string& directory) {
    EXPECT_TRUE(io::SystemFiles().CreateDirectories(directory).ok());
    auto log = wal::Log::Open(io::SystemFiles(), clock_, directory, {});
    EXPECT_TRUE(log.ok());
    log_ = std::move(log).value();
  }

  void Series(const std::vector<std::pair<std::uint64_t, LabelSet>>& all) {
    wal::SeriesRecord record;
    record.group = 1;
    for (const auto& [ref, labels] : all) record.series.push_back({ref, labels});
    std::string bytes;
    wal::EncodeSeries(record, bytes);
    EXPECT_TRUE(log_->Append(wal::RecordType::kSeries, bytes).ok());
  }
  void Samples(TimestampMs time, const std::vector<std::uint64_t>& refs,
               const std::vector<double>& values) {
    wal::ValueBases bases;
    bases.Reset(refs.size(), false);
    std::string bytes;
    wal::EncodeBatch({.group = 1, .timestamp = time, .refs = refs, .values = values}, bases, bytes);
    EXPECT_TRUE(log_->Append(wal::RecordType::kBatch, bytes).ok());
  }

 private:
  FakeClock clock_;
  std::unique_ptr<wal::Log> log_;
};

std::vector<Sample> SamplesOf(TestHead& t, const LabelSet& labels) {
  for (const ReadSeries& series : t.Read()) {
    if (series.name.ends_with(labels.Get("i"))) return series.samples;
  }
  return {};
}

TEST(ReplaySeries, OneLabelSetUnderTwoReferencesIsOneSeries) {
  const io::TemporaryDirectory directory;
  {
    LogMaker log(directory / "wal");
    log.Series({{1, Numbered(1)}, {2, Numbered(2)}});
    log.Samples(1000, {1, 2}, {1, 2});
    // The second comes again in a record of its own, and the third twice in one.
    log.Series({{3, Numbered(2)}, {4, Numbered(3)}, {5, Numbered(3)}});
    log.Samples(2000, {3, 4}, {20, 30});
    log.Samples(3000, {2, 5}, {200, 300});
  }
  TestHead t({.wal_directory = directory / "wal"});
  EXPECT_EQ(t.head().replay_report().damage_count, 0u);
  EXPECT_EQ(t.head().stats().series_count, 3u);
  ExpectSamples(SamplesOf(t, Numbered(2)), {{1000, 2}, {2000, 20}, {3000, 200}});
  ExpectSamples(SamplesOf(t, Numbered(3)), {{2000, 30}, {3000, 300}});
  // References that were used are not given out again.
  EXPECT_GT(t.Resolve(1, {Numbered(9)})[0], 4u);
}

TEST(ReplaySeries, ARepeatUnderTheSameReferenceChangesNothing) {
  const io::TemporaryDirectory directory;
  {
    LogMaker log(directory / "wal");
    for (int i = 0; i < 2; ++i) log.Series({{1, Numbered(1)}, {2, Numbered(2)}});
    log.Samples(1000, {1, 2}, {1, 2});
  }
  TestHead t({.wal_directory = directory / "wal"});
  EXPECT_EQ(t.head().replay_report().damage_count, 0u);
  EXPECT_EQ(t.head().stats().series_count, 2u);
  ExpectSamples(SamplesOf(t, Numbered(1)), {{1000, 1}});
}

TEST(ReplaySeries, AReferenceOutOfOrderIsDamage) {
  for (const std::uint64_t ref : {std::uint64_t{5}, std::uint64_t{UINT32_MAX}}) {
    SCOPED_TRACE(ref);
    const io::TemporaryDirectory directory;
    {
      LogMaker log(directory / "wal");
      log.Series({{7, Numbered(1)}});
      log.Series({{ref, Numbered(2)}});
      log.Samples(1000, {7, ref}, {1, 2});
    }
    TestHead t({.wal_directory = directory / "wal"});
    EXPECT_EQ(t.head().replay_report().damage_count, 1u);
    EXPECT_EQ(t.head().stats().unknown_reference_count, 1u);
    EXPECT_EQ(t.head().stats().series_count, 1u);
    ExpectSamples(SamplesOf(t, Numbered(1)), {{1000, 1}});
    EXPECT_EQ(t.Resolve(1, {Numbered(1)})[0], 7u);
  }
}

TEST(ReplaySeries, ManyAreAllFoundAgain) {
  const io::TemporaryDirectory directory;
  constexpr std::uint64_t kCount = 20'000;
  {
    LogMaker log(directory / "wal");
    for (std::uint64_t ref = 1; ref < kCount; ref += 100) {
      std::vector<std::pair<std::uint64_t, LabelSet>> some;
      for (std::uint64_t i = ref; i < ref + 100; ++i) some.emplace_back(i, Numbered(i));
      log.Series(some);
    }
  }
  TestHead t({.wal_directory = directory / "wal"});
  std::vector<LabelSet> labels;
  for (std::uint64_t i = 1; i <= kCount; ++i) labels.push_back(Numbered(i));
  const auto refs = t.Resolve(1, labels);
  ASSERT_EQ(refs.size(), kCount);
  for (std::uint64_t i = 0; i < kCount; ++i) ASSERT_EQ(refs[i], i + 1);
  EXPECT_EQ(t.head().stats().series_count, kCount);
}

}  // namespace
}  // namespace narthex::head
