#include "head/head.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <random>

#include "fake_clock.h"
#include "head_testing.h"

namespace narthex::head {
namespace {

using model::LabelSet;
using model::Sample;
using storage::AppendOutcome;

TEST(Head, GivesBackWhatWasAppendedByGroup) {
  TestHead t;
  const auto refs = t.Resolve(1, {{{"__name__", "a"}}, {{"__name__", "b"}}});
  for (int i = 0; i < 1000; ++i) t.AppendAll(1, 1000 * i, refs, {double(i), 7});

  const auto read = t.Read();
  ASSERT_EQ(read.size(), 2u);
  EXPECT_EQ(read[0].name, R"(a)");
  ASSERT_EQ(read[0].samples.size(), 1000u);
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(read[0].samples[std::size_t(i)].timestamp, 1000 * i);
    EXPECT_EQ(read[0].samples[std::size_t(i)].value, i);
    EXPECT_EQ(read[1].samples[std::size_t(i)].value, 7);
  }
  // One column of times for both.
  EXPECT_NE(read[0].time_column_id, 0u);
  EXPECT_EQ(read[0].time_column_id, read[1].time_column_id);
}

TEST(Head, ResolveGivesOneReferenceForEachLabelSet) {
  TestHead t;
  const auto refs = t.Resolve(1, {{{"a", "1"}}, {{"a", "2"}}, {{"a", "1"}}});
  EXPECT_EQ(refs[0], refs[2]);
  EXPECT_NE(refs[0], refs[1]);
  EXPECT_EQ(t.Resolve(2, {{{"a", "2"}}})[0], refs[1]);
  EXPECT_EQ(t.head().stats().series_count, 2u);
}

TEST(Head, RefusesSeriesAboveTheLimit) {
  TestHead t({.series_count_max = 2});
  t.Resolve(1, {{{"a", "1"}}});
  const std::vector<LabelSet> two = {{{"a", "2"}}, {{"a", "3"}}};
  EXPECT_EQ(t.head().Resolve(1, two).code(), ErrorCode::kResourceExhausted);
  EXPECT_EQ(t.head().stats().series_count, 1u);
  EXPECT_TRUE(t.head().Resolve(1, std::span(two).first(1)).ok());
}

TEST(Head, AppendAcceptsOrNamesTheFault) {
  const double nan = std::bit_cast<double>(model::kNormalNanBits);
  const struct {
    std::string name;
    std::vector<Sample> before;
    Sample sample;
    AppendOutcome want;
  } cases[] = {
      {"first", {}, {10'000'000, 1}, {.appended_count = 1}},
      {"newer", {{10'000'000, 1}}, {10'000'001, 1}, {.appended_count = 1}},
      {"repeat", {{10'000'000, 1}}, {10'000'000, 1}, {.appended_count = 1}},
      {"repeated NaN", {{10'000'000, nan}}, {10'000'000, nan}, {.appended_count = 1}},
      {"conflict", {{10'000'000, 1}}, {10'000'000, 2}, {.duplicate_count = 1}},
      {"conflict of zeros", {{10'000'000, 0.0}}, {10'000'000, -0.0}, {.duplicate_count = 1}},
      {"older", {{10'000'000, 1}}, {9'999'999, 1}, {.out_of_order_count = 1}},
      {"at the bound", {{10'000'000, 1}}, {6'400'000, 1}, {.out_of_order_count = 1}},
      {"out of bounds", {{10'000'000, 1}}, {6'399'999, 1}, {.out_of_bounds_count = 1}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    TestHead t;
    const auto refs = t.Resolve(1, {{{"a", "1"}}});
    for (const Sample& s : c.before) t.AppendAll(1, s.timestamp, refs, {s.value});
    const AppendOutcome got = t.Append(1, c.sample.timestamp, refs, {c.sample.value});
    EXPECT_EQ(got.appended_count, c.want.appended_count);
    EXPECT_EQ(got.duplicate_count, c.want.duplicate_count);
    EXPECT_EQ(got.out_of_order_count, c.want.out_of_order_count);
    EXPECT_EQ(got.out_of_bounds_count, c.want.out_of_bounds_count);
  }
}

TEST(Head, RefusedSamplesKeepNoOthersOut) {
  TestHead t;
  auto refs = t.Resolve(1, {{{"a", "1"}}, {{"a", "2"}}});
  t.AppendAll(1, 5000, {refs[0]}, {1});
  refs.push_back(999);
  const AppendOutcome outcome = t.Append(1, 4000, refs, {1, 2, 3});
  EXPECT_EQ(outcome.appended_count, 1u);
  EXPECT_EQ(outcome.out_of_order_count, 1u);
  EXPECT_EQ(outcome.unknown_series, std::vector<std::size_t>{2});
  const auto read = t.Read();
  EXPECT_EQ(read[0].samples.size(), 1u);
  EXPECT_EQ(read[1].samples.size(), 1u);
}

TEST(Head, AllOrNothingAppendsNothingIfOneSampleIsRefused) {
  TestHead t;
  const auto refs = t.Resolve(1, {{{"a", "1"}}, {{"a", "2"}}});
  t.AppendAll(1, 10'000'000, {refs[0]}, {1});
  const struct {
    std::string name;
    std::vector<storage::SeriesRef> refs;
    TimestampMs time;
    AppendOutcome want;
  } cases[] = {
      {"older", {refs[1], refs[0]}, 9'999'999, {.out_of_order_count = 1}},
      {"conflict", {refs[1], refs[0]}, 10'000'000, {.duplicate_count = 1}},
      {"out of bounds", {refs[1], refs[0]}, 1, {.out_of_bounds_count = 2}},
      {"unknown", {refs[1], 999}, 10'000'001, {.unknown_series = {1}}},
      {"none refused", {refs[1], refs[0]}, 10'000'002, {.appended_count = 2}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const std::vector<double> values = {7, 8};
    const auto got = t.head().Append({.group = 1,
                                      .timestamp = c.time,
                                      .series = c.refs,
                                      .values = values,
                                      .is_all_or_nothing = true});
    ASSERT_TRUE(got.ok());
    EXPECT_EQ(got->appended_count, c.want.appended_count);
    EXPECT_EQ(got->out_of_order_count, c.want.out_of_order_count);
    EXPECT_EQ(got->duplicate_count, c.want.duplicate_count);
    EXPECT_EQ(got->out_of_bounds_count, c.want.out_of_bounds_count);
    EXPECT_EQ(got->unknown_series, c.want.unknown_series);
  }
  ExpectSamples(t.Read()[1].samples, {{10'000'002, 7}});
}

TEST(Head, OneSeriesTwiceInABatchIsCheckedAgainstItself) {
  TestHead t;
  const auto ref = t.Resolve(0, {{{"a", "1"}}})[0];
  const std::vector<storage::SeriesRef> refs(6, ref);
  const std::vector<TimestampMs> times = {1000, 2000, 2000, 2000, 1500, 3000};
  const std::vector<double> values = {1, 2, 2, 9, 4, 5};
  const auto outcome =
      t.head().Append({.group = 0, .timestamps = times, .series = refs, .values = values});
  ASSERT_TRUE(outcome.ok());
  EXPECT_EQ(outcome->appended_count, 4u);
  EXPECT_EQ(outcome->duplicate_count, 1u);
  EXPECT_EQ(outcome->out_of_order_count, 1u);
  const std::vector<Sample> want = {{1000, 1}, {2000, 2}, {3000, 5}};
  ExpectSamples(t.Read()[0].samples, want);
}

TEST(Head, LeftOutScrapesMovesBetweenGroupsAndOwnTimes) {
  // Whatever way the times come, a series gives back its samples in order.
  TestHead t;
  const std::uint64_t seed = 11;
  SCOPED_TRACE(seed);
  std::mt19937_64 random(seed);
  std::vector<LabelSet> labels;
  for (int i = 0; i < 20; ++i) labels.push_back({{"i", std::to_string(100 + i)}});
  const auto refs = t.Resolve(1, labels);
  std::vector<std::vector<Sample>> want(refs.size());
  TimestampMs now = 1'000'000;
  for (int round = 0; round < 2500; ++round) {
    now += static_cast<TimestampMs>(random() % 2000);
    std::vector<storage::SeriesRef> some;
    std::vector<double> values;
    std::vector<TimestampMs> times;
    for (std::size_t i = 0; i < refs.size(); ++i) {
      if (random() % (i + 2) == 0) continue;
      some.push_back(refs[i]);
      values.push_back(static_cast<double>(random() % 100) / 4);
      times.push_back(now + static_cast<TimestampMs>(random() % 3));
    }
    const std::uint64_t group = random() % 4 == 0 ? random() % 3 : 1;
    const bool has_times = random() % 10 == 0;
    storage::Batch batch{.group = group, .timestamp = now, .series = some, .values = values};
    if (has_times) batch.timestamps = times;
    ASSERT_TRUE(t.head().Append(batch).ok());
    for (std::size_t k = 0; k < some.size(); ++k) {
      auto& samples = want[some[k] - refs[0]];
      const Sample sample{has_times ? times[k] : now, values[k]};
      if (samples.empty() || samples.back().timestamp < sample.timestamp) samples.push_back(sample);
    }
  }
  const auto read = t.Read();
  ASSERT_EQ(read.size(), want.size());
  for (std::size_t i = 0; i < want.size(); ++i) ExpectSamples(read[i].samples, want[i]);

  const model::TimeRange part{now / 3, now / 2};
  const auto some = t.Read(part);
  for (std::size_t i = 0; i < want.size(); ++i) {
    std::vector<Sample> inside;
    for (const Sample& s : want[i]) {
      if (part.Contains(s.timestamp)) inside.push_back(s);
    }
    ExpectSamples(some[i].samples, inside);
  }
}

TEST(Head, AQuerierSeesTheBatchesThatWereCompleteWhenItWasOpened) {
  TestHead t;
  const auto refs = t.Resolve(1, {{{"a", "1"}}, {{"a", "2"}}});
  const auto own = t.Resolve(0, {{{"b", "1"}}});
  t.AppendAll(1, 1000, refs, {1, 1});
  t.AppendAll(0, 1000, own, {1});
  auto querier = t.head().OpenQuerier({});
  ASSERT_TRUE(querier.ok());
  for (int i = 2; i < 600; ++i) {
    t.AppendAll(1, 1000 * i, refs, {2, 2});
    t.AppendAll(0, 1000 * i, own, {2});
  }
  for (const auto& series : ReadAll(**querier)) ExpectSamples(series.samples, {{1000, 1}});
  EXPECT_EQ(t.Read()[0].samples.size(), 599u);
}

TEST(Head, TruncateForgetsOldSamplesAndDeadSeries) {
  TestHead t;
  const auto refs = t.Resolve(1, {{{"a", "1"}}, {{"a", "2"}}});
  const auto own = t.Resolve(0, {{{"b", "1"}}});
  for (int i = 0; i < 1000; ++i) {
    t.AppendAll(1, 1000 * i, {refs[0]}, {double(i)});
    t.AppendAll(0, 1000 * i, own, {double(i)});
    if (i < 500) t.AppendAll(1, 1000 * i, {refs[1]}, {double(i)});
  }
  ASSERT_TRUE(t.head().Truncate(600'000, {}).ok());
  const auto read = t.Read();
  ASSERT_EQ(read.size(), 2u);
  for (const auto& series : read) {
    ASSERT_EQ(series.samples.size(), 400u);
    EXPECT_EQ(series.samples.front().timestamp, 600'000);
    EXPECT_EQ(series.samples.back().value, 999);
  }
  // The series that went is told to the appender, who resolves it anew under another reference.
  EXPECT_EQ(t.Append(1, 1'000'000, {refs[1]}, {1}).unknown_series.size(), 1u);
  EXPECT_NE(t.Resolve(1, {{{"a", "2"}}})[0], refs[1]);
  EXPECT_EQ(t.Append(1, 599'999, {refs[0]}, {1}).out_of_bounds_count, 1u);
  const HeadStats stats = t.head().stats();
  EXPECT_EQ(stats.series_removed_count, 1u);
  EXPECT_EQ(stats.range.from, 600'000);
  EXPECT_GT(stats.chunks_removed_count, 0u);
}

TEST(Head, SelectFollowsTheHints) {
  TestHead t;
  std::vector<LabelSet> labels;
  for (int i = 0; i < 100; ++i) labels.push_back({{"__name__", "m"}, {"i", std::to_string(i)}});
  const auto refs = t.Resolve(1, labels);
  t.AppendAll(1, 1000, refs, std::vector<double>(100, 1));
  auto querier = t.head().OpenQuerier({});
  ASSERT_TRUE(querier.ok());
  const auto matcher = model::Matcher::Equal("__name__", "m");
  std::size_t total = 0;
  std::set<std::string> seen;
  for (std::uint32_t shard = 0; shard < 3; ++shard) {
    storage::SelectHints hints;
    hints.shard_count = 3;
    hints.shard_index = shard;
    auto set = (*querier)->Select(std::span(&matcher, 1), hints);
    ASSERT_TRUE(set.ok());
    while ((*set)->Next()) {
      ++total;
      seen.insert((*set)->labels().ToString());
    }
  }
  EXPECT_EQ(total, 100u);
  EXPECT_EQ(seen.size(), 100u);

  storage::SelectHints limited;
  limited.series_count_max = 7;
  auto set = (*querier)->Select(std::span(&matcher, 1), limited);
  std::size_t count = 0;
  while ((*set)->Next()) ++count;
  EXPECT_EQ(count, 7u);
}

// Where the newest sample of the range is known it is all that is given; elsewhere it is the last
// of those given.
TEST(Head, TheNewestSampleIsThatOfTheRange) {
  TestHead t;
  const auto refs = t.Resolve(1, {{{"a", "1"}}, {{"a", "2"}}});
  const auto own = t.Resolve(0, {{{"b", "1"}}});
  for (int i = 1; i <= 600; ++i) {
    t.AppendAll(1, 1000 * i, {refs[0]}, {double(i)});
    t.AppendAll(0, 1000 * i + 1, own, {double(i)});
    if (i <= 500) t.AppendAll(1, 1000 * i, {refs[1]}, {double(i)});
  }
  auto before = t.head().OpenQuerier({});
  ASSERT_TRUE(before.ok());
  t.AppendAll(1, 601'000, refs, {601, 601});
  const struct {
    std::string name;
    model::TimeRange range;
    bool is_old;
    std::vector<double> want;  // of a=1, a=2, b=1
  } cases[] = {
      {"all", {}, false, {601, 601, 600}},
      {"before the last batch", {}, true, {600, 500, 600}},
      {"until the middle", {0, 300'000}, false, {300, 300, 299}},
      {"where one is missing", {510'000, 600'500}, false, {600, -1, 600}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    auto fresh = t.head().OpenQuerier({});
    storage::Querier& querier = c.is_old ? **before : **fresh;
    storage::SelectHints hints;
    hints.range = c.range;
    hints.is_newest_only = true;
    auto set = querier.Select({}, hints);
    ASSERT_TRUE(set.ok());
    std::vector<double> got;
    while ((*set)->Next()) {
      const auto columns = (*set)->samples();
      ASSERT_TRUE(columns.ok());
      const auto end = std::ranges::upper_bound(columns->timestamps, c.range.until);
      const auto count = end - columns->timestamps.begin();
      const bool is_there = count > 0 && *(end - 1) >= c.range.from;
      got.push_back(is_there ? columns->values[static_cast<std::size_t>(count - 1)] : -1);
    }
    EXPECT_EQ(got, c.want);
  }
}

TEST(Head, PiecesOfASelectionGiveTheSeriesInItsOrder) {
  TestHead t;
  std::vector<LabelSet> labels;
  for (int i = 0; i < 100; ++i) {
    labels.push_back({{"__name__", "m"}, {"i", std::to_string(i)}, {"mod", std::to_string(i % 7)}});
  }
  const auto refs = t.Resolve(1, labels);
  t.AppendAll(1, 1000, refs, std::vector<double>(100, 1));
  auto querier = t.head().OpenQuerier({});
  ASSERT_TRUE(querier.ok());
  const auto names = std::make_shared<const std::vector<std::string>>(
      std::vector<std::string>{"mod", "nobody has it"});
  for (const bool has_names : {false, true}) {
    storage::SelectHints hints;
    if (has_names) hints.label_names = names;
    auto whole = (*querier)->Select({}, hints);
    std::vector<LabelSet> want;
    while ((*whole)->Next()) want.push_back((*whole)->labels());
    ASSERT_EQ(want.size(), 100u);
    EXPECT_EQ(want[0].size(), has_names ? 1u : 3u);
    auto set = (*querier)->Select({}, hints);
    ASSERT_TRUE((*set)->is_cuttable());
    std::vector<LabelSet> got;
    while (const std::size_t left = (*set)->remaining_count()) {
      const LabelSet first = (*set)->LabelsAhead(0);
      const auto piece = (*set)->TakeAhead(std::min<std::size_t>(left, 33));
      while (piece->Next()) got.push_back(piece->labels());
      if (!has_names) {
        EXPECT_EQ(got[got.size() - std::min<std::size_t>(left, 33)], first);
      }
    }
    EXPECT_EQ(got, want);
  }
}

TEST(Head, NamesAndValues) {
  TestHead t;
  const auto refs =
      t.Resolve(1, {{{"__name__", "up"}, {"job", "x"}}, {{"__name__", "down"}, {"job", "y"}}});
  t.AppendAll(1, 1000, refs, {1, 2});
  auto querier = t.head().OpenQuerier({});
  using Strings = std::vector<std::string>;
  EXPECT_EQ((*querier)->LabelNames({}, {})->entries, (Strings{"__name__", "job"}));
  EXPECT_EQ((*querier)->LabelValues("job", {}, {})->entries, (Strings{"x", "y"}));
  const auto limited = (*querier)->LabelValues("job", {}, {.limit = 1});
  EXPECT_EQ(limited->entries, Strings{"x"});
  EXPECT_TRUE(limited->is_truncated);
  const auto up = model::Matcher::Equal("__name__", "up");
  EXPECT_EQ((*querier)->LabelValues("job", std::span(&up, 1), {})->entries, Strings{"x"});
}

TEST(Head, CardinalityNamesTheLargest) {
  TestHead t;
  t.Resolve(1, {{{"__name__", "a"}, {"i", "1"}},
                {{"__name__", "a"}, {"i", "22"}},
                {{"__name__", "b"}, {"i", "1"}}});
  const Cardinality c = t.head().cardinality(2);
  using Entries = std::vector<Cardinality::Entry>;
  EXPECT_EQ(c.series_count_by_metric_name, (Entries{{"a", 2}, {"b", 1}}));
  EXPECT_EQ(c.value_count_by_label_name, (Entries{{"__name__", 2}, {"i", 2}}));
  EXPECT_EQ(c.value_bytes_by_label_name, (Entries{{"i", 3}, {"__name__", 2}}));
  EXPECT_EQ(c.series_count_by_label_pair.size(), 2u);
  EXPECT_EQ(c.series_count_by_label_pair[0].second, 2u);
}

}  // namespace
}  // namespace narthex::head
