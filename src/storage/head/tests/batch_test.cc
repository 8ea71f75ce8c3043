// Batches with several samples of a series.
#include <gtest/gtest.h>

#include <random>

#include "head_testing.h"
#include "shared_times.h"
#include "temporary_directory.h"
#include "time_column.h"

namespace narthex::head {
namespace {

using model::Sample;

constexpr TimestampMs kT0 = 10'000'000;

TEST(SharedTimes, AreThoseOfAllSamplesUnlessMostSeriesLeaveThemOut) {
  const struct {
    std::string name;
    std::vector<TimestampMs> times;
    std::vector<std::uint64_t> refs;
    std::vector<TimestampMs> want;
    std::vector<std::uint32_t> offsets;
  } cases[] = {
      {"each series has all", {1, 2, 1, 2}, {7, 7, 8, 8}, {1, 2}, {0, 1, 0, 1}},
      {"one after the other", {1, 1, 2, 2}, {7, 8, 7, 8}, {1, 2}, {0, 0, 1, 1}},
      {"one lacks the first", {1, 2, 3, 2, 3}, {7, 7, 7, 8, 8}, {1, 2, 3}, {0, 1, 2, 1, 2}},
      {"one has one more", {2, 1, 2, 3}, {7, 8, 8, 8}, {1, 2, 3}, {1, 0, 1, 2}},
      {"one series", {1, 2, 5}, {7, 7, 7}, {1, 2, 5}, {0, 1, 2}},
      {"each has its own", {1, 2, 3, 4}, {7, 8, 9, 10}, {}, {}},
      {"each has its own two", {1, 5, 2, 6, 3, 7}, {7, 7, 8, 8, 9, 9}, {}, {}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    SharedTimes shared;
    shared.Find(c.times, c.refs);
    ASSERT_EQ(std::vector(shared.times().begin(), shared.times().end()), c.want);
    for (std::size_t i = 0; i < c.offsets.size(); ++i) {
      EXPECT_EQ(shared.OffsetOf(i), c.offsets[i]) << i;
    }
  }
}

TEST(TimeColumn, PlacesTimesAtItsEndAlone) {
  const struct {
    std::string name;
    std::vector<TimestampMs> times;
    std::optional<std::uint32_t> want;
    std::size_t size;
  } cases[] = {
      {"behind all", {4, 5}, 3, 5},
      {"from the newest on", {3, 4}, 2, 4},
      {"the last ones and more", {2, 3, 4}, 1, 4},
      {"the last ones", {2, 3}, 1, 3},
      {"older, and not the last", {2}, std::nullopt, 3},
      {"one is left out", {2, 4}, std::nullopt, 3},
      {"all of them and more", {1, 2, 3, 4}, 0, 4},
      {"before all", {0, 1, 2, 3}, std::nullopt, 3},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    TimeColumn column(1);
    for (const TimestampMs time : {1, 2, 3}) column.Append(time, 1, 0);
    EXPECT_EQ(column.Place(c.times, 2, 0), c.want);
    EXPECT_EQ(column.size(), c.size);
    // Of the batch only what it added is hidden from those who do not see it.
    EXPECT_EQ(column.Window({}, 1).times.size(), 3u);
  }
}

// The samples of `count` times from `first` on, series by series.
struct RunBatch {
  std::vector<storage::SeriesRef> series;
  std::vector<double> values;
  std::vector<TimestampMs> times;

  RunBatch(const std::vector<storage::SeriesRef>& refs, int first, int count) {
    for (const storage::SeriesRef ref : refs) {
      for (int i = first; i < first + count; ++i) {
        series.push_back(ref);
        values.push_back(static_cast<double>(ref) * i);
        times.push_back(kT0 + 1000 * i);
      }
    }
  }
  storage::Batch AsBatch(storage::GroupRef group) const {
    storage::Batch batch;
    batch.group = group;
    batch.timestamps = times;
    batch.series = series;
    batch.values = values;
    return batch;
  }
};

TEST(HeadBatch, SeriesWithTheSameTimesShareOneColumn) {
  const io::TemporaryDirectory directory;
  TestHead t({.wal_directory = directory.path() + "/wal"});
  const auto refs = t.Resolve(1, {{{"a", "1"}}, {{"a", "2"}}, {{"a", "3"}}});
  for (int first = 0; first < 600; first += 8) {
    const RunBatch both({refs[0], refs[1]}, first, 8);
    // What comes in a request of its own has the same times.
    const RunBatch other({refs[2]}, first, 8);
    EXPECT_EQ(t.head().Append(both.AsBatch(1))->appended_count, 16u);
    EXPECT_EQ(t.head().Append(other.AsBatch(1))->appended_count, 8u);
  }
  for (const bool is_replayed : {false, true}) {
    SCOPED_TRACE(is_replayed);
    if (is_replayed) t.Reopen();
    const auto read = t.Read();
    ASSERT_EQ(read.size(), 3u);
    for (std::size_t s = 0; s < 3; ++s) {
      ASSERT_EQ(read[s].samples.size(), 600u);
      for (int i = 0; i < 600; ++i) {
        const Sample& sample = read[s].samples[static_cast<std::size_t>(i)];
        ASSERT_EQ(sample.timestamp, kT0 + 1000 * i);
        ASSERT_EQ(sample.value, static_cast<double>(refs[s]) * i);
      }
      EXPECT_NE(read[s].time_column_id, 0u);
      EXPECT_EQ(read[s].time_column_id, read[0].time_column_id);
    }
  }
}

TEST(HeadBatch, RefusedSamplesKeepTheRestOfTheirSeriesIn) {
  TestHead t;
  const auto refs = t.Resolve(1, {{{"a", "1"}}, {{"a", "2"}}});
  ASSERT_TRUE(t.head().Append(RunBatch({refs[1]}, 2, 1).AsBatch(1)).ok());
  const auto outcome = t.head().Append(RunBatch(refs, 0, 5).AsBatch(1));
  EXPECT_EQ(outcome->appended_count, 8u);
  EXPECT_EQ(outcome->out_of_order_count, 2u);
  const auto read = t.Read();
  EXPECT_EQ(read[0].samples.size(), 5u);
  ASSERT_EQ(read[1].samples.size(), 3u);
  EXPECT_EQ(read[1].samples[0].timestamp, kT0 + 2000);
}

// Batches of random shapes: some series leave times out, some come twice, some are of no group.
class RandomBatches {
 public:
  RandomBatches(TestHead& head, unsigned seed) : head_(head), random_(seed) {
    std::vector<model::LabelSet> labels;
    for (int i = 0; i < 6; ++i) labels.push_back({{"a", std::to_string(i)}});
    refs_ = head_.Resolve(1, labels);
    want_.resize(refs_.size());
  }

  void Append() {
    storage::Batch batch;
    std::vector<storage::SeriesRef> series;
    std::vector<double> values;
    std::vector<TimestampMs> times;
    const TimestampMs begin = newest_ - 2 + Below(6);
    const int count = 1 + Below(12);
    const bool by_time = Below(3) == 0;
    const int density = 1 + Below(4);  // of four
    const auto add = [&](std::size_t s, int i) {
      if (Below(4) >= density) return;
      const TimestampMs time = begin + i;
      if (!want_[s].empty() && want_[s].back().timestamp >= time) return;
      const double value = Below(2) == 0 ? Below(1000) : Below(1000) / 8.0;
      series.push_back(refs_[s]);
      values.push_back(value);
      times.push_back(time);
      want_[s].push_back({time, value});
      newest_ = std::max(newest_, time);
    };
    for (int a = 0; a < (by_time ? count : Size()); ++a) {
      for (int b = 0; b < (by_time ? Size() : count); ++b) {
        by_time ? add(static_cast<std::size_t>(b), a) : add(static_cast<std::size_t>(a), b);
      }
    }
    batch.group = Below(10) == 0 ? 0 : 1;
    batch.series = series;
    batch.values = values;
    batch.timestamps = times;
    const auto outcome = head_.head().Append(batch);
    ASSERT_TRUE(outcome.ok());
    ASSERT_EQ(outcome->appended_count, values.size());
  }

  void Verify() {
    const auto read = head_.Read();
    for (const ReadSeries& series : read) {
      SCOPED_TRACE(series.name);
      ExpectSamples(series.samples, want_[static_cast<std::size_t>(series.name[0] - '0')]);
    }
  }

 private:
  int Below(int limit) { return std::uniform_int_distribution<int>(0, limit - 1)(random_); }
  int Size() const { return static_cast<int>(refs_.size()); }

  TestHead& head_;
  std::mt19937 random_;
  std::vector<storage::SeriesRef> refs_;
  std::vector<std::vector<Sample>> want_;
  TimestampMs newest_ = kT0;
};

TEST(HeadBatch, OfAnyShapeIsReadAndReplayedAsItCame) {
  for (unsigned seed = 1; seed <= 8; ++seed) {
    SCOPED_TRACE(seed);
    const io::TemporaryDirectory directory;
    TestHead t({.wal_directory = directory.path() + "/wal"});
    RandomBatches batches(t, seed);
    for (int i = 0; i < 300; ++i) batches.Append();
    batches.Verify();
    if (seed % 2 == 0) {
      ASSERT_TRUE(t.head().Checkpoint().ok());
    }
    for (int i = 0; i < 20; ++i) batches.Append();
    t.Reopen();
    batches.Verify();
    for (int i = 0; i < 20; ++i) batches.Append();
    batches.Verify();
  }
}

}  // namespace
}  // namespace narthex::head
