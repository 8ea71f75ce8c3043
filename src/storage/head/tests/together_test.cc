// Several batches as one append: refused, logged, seen and lost together.
#include <gtest/gtest.h>

#include "fault_file_system.h"
#include "head_testing.h"
#include "temporary_directory.h"

namespace narthex::head {
namespace {

using model::FloatHistogram;
using model::Sample;
using storage::AppendOutcome;
using storage::Batch;

FloatHistogram Histogram(double count) {
  FloatHistogram histogram;
  histogram.count = count;
  histogram.sum = count;
  histogram.positive_spans = {{0, 1}};
  histogram.positive_buckets = {count};
  return histogram;
}

HeadOptions WithLog(const std::string& directory) {
  HeadOptions options;
  options.wal_directory = directory;
  options.wal.sync_interval = std::chrono::milliseconds(60'000);
  options.exemplar_count_max = 100;
  return options;
}

// Of two groups, with floats, histograms, start times and exemplars: what a request may have.
class Requests {
 public:
  // False if a series could not be made.
  bool Resolve(Head& head) {
    const model::LabelSet labels[] = {{{"a", "1"}}, {{"a", "2"}}, {{"b", "1"}}};
    const auto first = head.Resolve(1, std::span(labels, 2));
    if (!first.ok()) return false;
    const auto second = head.Resolve(2, std::span(labels + 2, 1));
    if (!second.ok()) return false;
    floats_ = {(*first)[0]};
    histograms_ = {(*first)[1]};
    others_ = *second;
    return true;
  }

  Result<std::vector<AppendOutcome>> Append(Head& head, TimestampMs time) const {
    const auto number = static_cast<double>(time);
    const FloatHistogram histogram = Histogram(number);
    const std::vector<double> values = {number};
    const std::vector<const FloatHistogram*> histograms = {&histogram};
    const std::vector<TimestampMs> starts = {time - 1};
    const std::vector<storage::SeriesExemplar> exemplars = {
        {floats_[0], {model::LabelSet{{"trace", "t"}}, number, time}}};
    const Batch batches[] = {
        {.group = 1, .timestamp = time, .series = floats_, .values = values},
        {.group = 1,
         .timestamp = time,
         .series = histograms_,
         .values = values,
         .histograms = histograms},
        {.group = 2,
         .timestamp = time,
         .series = others_,
         .values = values,
         .start_timestamps = starts},
        {.exemplars = exemplars},
    };
    return head.AppendTogether(batches);
  }

 private:
  std::vector<storage::SeriesRef> floats_;
  std::vector<storage::SeriesRef> histograms_;
  std::vector<storage::SeriesRef> others_;
};

// How many requests are in the head, each of which must be there as a whole.
std::size_t WholeRequestCount(TestHead& t) {
  std::vector<TimestampMs> times;
  const auto read = t.Read();
  for (const ReadSeries& series : read) {
    std::vector<TimestampMs> own;
    for (const Sample& sample : series.samples) {
      own.push_back(sample.timestamp);
      EXPECT_EQ(sample.value, static_cast<double>(sample.timestamp));
    }
    if (&series == &read.front()) times = own;
    EXPECT_EQ(own, times) << series.name;
    if (series.name != "b") continue;
    for (std::size_t i = 0; i < own.size(); ++i) EXPECT_EQ(series.starts[i], own[i] - 1);
  }
  const std::vector<model::Matcher> any;
  const auto exemplars = t.head().SelectExemplars({}, std::span(&any, 1));
  EXPECT_TRUE(exemplars.ok());
  EXPECT_EQ(exemplars->empty() ? 0u : exemplars->front().exemplars.size(), times.size());
  return times.size();
}

TEST(AppendTogether, AcceptsAllOrNoneAndNamesTheFault) {
  TestHead t;
  const auto refs = t.Resolve(1, {{{"a", "1"}}, {{"a", "2"}}});
  t.AppendAll(1, 10'000'000, refs, {1, 1});
  const struct {
    std::string name;
    storage::SeriesRef ref;
    TimestampMs time;
    bool is_all_or_nothing;
    AppendOutcome want;
    std::size_t want_of_first;
  } cases[] = {
      {"refused", refs[1], 9'999'999, true, {.out_of_order_count = 1}, 0},
      {"unknown", 999, 10'000'001, true, {.unknown_series = {0}}, 0},
      {"unknown of a batch of which a part is welcome", 999, 1, false, {.unknown_series = {0}}, 0},
      {"refused, the others are welcome", refs[1], 1, false, {.out_of_bounds_count = 1}, 1},
      {"taken", refs[1], 10'000'002, true, {.appended_count = 1}, 1},
  };
  TimestampMs time = 10'000'000;
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const double value = 7;
    const std::size_t before = t.Read()[0].samples.size();
    const Batch batches[] = {
        {.group = 1,
         .timestamp = ++time,
         .series = std::span(&refs[0], 1),
         .values = std::span(&value, 1),
         .is_all_or_nothing = c.is_all_or_nothing},
        {.group = 2,
         .timestamp = c.time,
         .series = std::span(&c.ref, 1),
         .values = std::span(&value, 1),
         .is_all_or_nothing = c.is_all_or_nothing},
    };
    const auto got = t.head().AppendTogether(batches);
    ASSERT_TRUE(got.ok());
    ASSERT_EQ(got->size(), 2u);
    EXPECT_EQ((*got)[0].appended_count, c.want_of_first);
    EXPECT_EQ((*got)[1].appended_count, c.want.appended_count);
    EXPECT_EQ((*got)[1].out_of_order_count, c.want.out_of_order_count);
    EXPECT_EQ((*got)[1].out_of_bounds_count, c.want.out_of_bounds_count);
    EXPECT_EQ((*got)[1].unknown_series, c.want.unknown_series);
    EXPECT_EQ(t.Read()[0].samples.size() - before, c.want_of_first);
  }
}

TEST(AppendTogether, ASeriesOfSeveralBatchesIsCheckedAndKeptAcrossThem) {
  const io::TemporaryDirectory directory;
  TestHead t(WithLog(directory / "wal"));
  const auto ref = t.Resolve(1, {{{"a", "1"}}});
  t.AppendAll(1, 500, ref, {5});
  const FloatHistogram histogram = Histogram(9);
  const std::vector<const FloatHistogram*> histograms = {&histogram};
  const double values[] = {1, 2, 3};
  const Batch batches[] = {
      {.group = 1, .timestamp = 1000, .series = ref, .values = std::span(&values[0], 1)},
      {.group = 2, .timestamp = 1000, .series = ref, .values = std::span(&values[1], 1)},
      {.group = 2, .timestamp = 2000, .series = ref, .values = std::span(&values[1], 1)},
      {.group = 1,
       .timestamp = 3000,
       .series = ref,
       .values = std::span(&values[2], 1),
       .histograms = histograms},
      {.group = 1, .timestamp = 4000, .series = ref, .values = std::span(&values[2], 1)},
  };
  const auto outcomes = t.head().AppendTogether(batches);
  ASSERT_TRUE(outcomes.ok());
  EXPECT_EQ((*outcomes)[1].duplicate_count, 1u);
  t.AppendAll(1, 5000, ref, {6});
  for (const bool is_replayed : {false, true}) {
    SCOPED_TRACE(is_replayed);
    ExpectSamples(t.Read()[0].samples,
                  {{500, 5}, {1000, 1}, {2000, 2}, {3000, 9}, {4000, 3}, {5000, 6}});
    t.Reopen();
  }
}

TEST(AppendTogether, EveryTruncationOfTheLogLeavesWholeRequests) {
  const io::TemporaryDirectory directory;
  {
    TestHead t(WithLog(directory / "wal"));
    Requests requests;
    ASSERT_TRUE(requests.Resolve(t.head()));
    for (int i = 1; i <= 3; ++i) ASSERT_TRUE(requests.Append(t.head(), 1000 * i).ok());
  }
  const std::string segment = directory / "wal/00000001.wal";
  const std::string whole = io::ReadFile(io::SystemFiles(), segment).value();
  std::set<std::size_t> counts;
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    SCOPED_TRACE(size);
    const io::TemporaryDirectory copy;
    ASSERT_TRUE(io::SystemFiles().CreateDirectories(copy / "wal").ok());
    const auto file = io::SystemFiles().Open(copy / "wal/00000001.wal", io::OpenMode::kCreate);
    ASSERT_TRUE((*file)->Append(std::string_view(whole).substr(0, size)).ok());
    TestHead t(WithLog(copy / "wal"));
    counts.insert(WholeRequestCount(t));
  }
  EXPECT_EQ(counts, (std::set<std::size_t>{0, 1, 2, 3}));
}

TEST(AppendTogether, AFullDiskAtAnyByteTakesOrRefusesRequestsWhole) {
  for (std::int64_t room = 0; room < 900; room += 17) {
    SCOPED_TRACE(room);
    const io::TemporaryDirectory directory;
    io::FaultFileSystem files;
    TestHead t(WithLog(directory / "wal"), files);
    Requests requests;
    files.SetRoom(room);
    std::size_t want = 0;
    for (int i = 1; i <= 8; ++i) {
      if (i == 7) files.Heal();
      if (!requests.Resolve(t.head())) continue;
      const auto outcomes = requests.Append(t.head(), 1000 * i);
      if (outcomes.ok()) ++want;
    }
    EXPECT_EQ(WholeRequestCount(t), want);
    t.Reopen();
    EXPECT_EQ(t.head().replay_report().damage_count, 0u);
    EXPECT_EQ(WholeRequestCount(t), want);
  }
}

}  // namespace
}  // namespace narthex::head
