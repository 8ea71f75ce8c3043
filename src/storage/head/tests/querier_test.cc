// What a querier gives by its hints.
#include <gtest/gtest.h>

#include <thread>

#include "head_testing.h"

namespace narthex::head {
namespace {

using model::LabelSet;
using model::Sample;

constexpr TimestampMs kT0 = 10'000'000;

storage::SelectHints NewestUntil(TimestampMs until) {
  storage::SelectHints hints;
  hints.range.until = until;
  hints.is_newest_only = true;
  return hints;
}

std::vector<Sample> SamplesOf(storage::SeriesSet& set) {
  std::vector<Sample> samples;
  const auto columns = set.samples();
  EXPECT_TRUE(columns.ok());
  for (std::size_t i = 0; columns.ok() && i < columns->values.size(); ++i) {
    samples.push_back({columns->timestamps[i], columns->values[i]});
  }
  return samples;
}

// The samples of the only series.
std::vector<Sample> Select(storage::Querier& querier, const storage::SelectHints& hints) {
  const auto set = querier.Select({}, hints);
  EXPECT_TRUE(set.ok());
  if (!set.ok() || !(*set)->Next()) return {};
  return SamplesOf(**set);
}

TEST(HeadQuerier, GivesTheNewestSampleAloneWhereThatIsWanted) {
  const struct {
    std::string name;
    storage::GroupRef group;
    model::TimeRange range;
    TimestampMs until;
    std::vector<Sample> want;
  } cases[] = {
      {"of a group", 1, {}, kT0 + 5000, {{kT0 + 2000, 3}}},
      {"with times of its own", 0, {}, kT0 + 5000, {{kT0 + 2000, 3}}},
      {"at the end of the range", 1, {kT0, kT0 + 2000}, kT0 + 2000, {{kT0 + 2000, 3}}},
      {"older than the range", 1, {kT0 + 2001, kT0 + 5000}, kT0 + 5000, {}},
      {"older than the range, own times", 0, {kT0 + 2001, kT0 + 5000}, kT0 + 5000, {}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    TestHead t;
    const auto refs = t.Resolve(c.group, {{{"a", "1"}}});
    for (int i = 0; i < 3; ++i) t.AppendAll(c.group, kT0 + 1000 * i, refs, {i + 1.0});
    const auto querier = t.head().OpenQuerier(c.range).value();
    ExpectSamples(Select(*querier, NewestUntil(c.until)), c.want);
  }
}

// Then more than one may be given, but the newest that counts is the last one up to there.
TEST(HeadQuerier, FindsTheNewestBeforeALaterOne) {
  for (const storage::GroupRef group : {storage::GroupRef{0}, storage::GroupRef{1}}) {
    SCOPED_TRACE(group);
    TestHead t;
    const auto refs = t.Resolve(group, {{{"a", "1"}}});
    t.AppendAll(group, kT0, refs, {1});
    t.AppendAll(group, kT0 + 1000, refs, {2});
    const auto before = t.head().OpenQuerier({}).value();
    t.AppendAll(group, kT0 + 2000, refs, {3});

    // The querier sees no batch that came after it.
    EXPECT_EQ(Select(*before, NewestUntil(kT0 + 5000)).back().value, 2);
    const auto after = t.head().OpenQuerier({}).value();
    EXPECT_EQ(Select(*after, NewestUntil(kT0 + 5000)).back().value, 3);
    const auto until = Select(*after, NewestUntil(kT0 + 1500));
    const auto counts = std::ranges::find_if(
        until.rbegin(), until.rend(), [](const Sample& s) { return s.timestamp <= kT0 + 1500; });
    ASSERT_NE(counts, until.rend());
    EXPECT_EQ(counts->value, 2);
  }
}

TEST(HeadQuerier, GivesTheNewestOfHistogramsWithItsStart) {
  TestHead t;
  const auto refs = t.Resolve(1, {{{"a", "1"}}});
  model::FloatHistogram histogram;
  histogram.count = histogram.zero_count = 5;
  histogram.sum = 2.5;
  const std::vector<const model::FloatHistogram*> histograms = {&histogram};
  const std::vector<double> values = {0};
  const std::vector<TimestampMs> starts = {kT0 - 1000};
  for (int i = 0; i < 3; ++i) {
    histogram.count = histogram.zero_count = 5.0 + i;
    ASSERT_TRUE(t.head()
                    .Append({.group = 1,
                             .timestamp = kT0 + 1000 * i,
                             .series = refs,
                             .values = values,
                             .histograms = histograms,
                             .start_timestamps = starts})
                    .ok());
  }
  const auto querier = t.head().OpenQuerier({}).value();
  const auto set = querier->Select({}, NewestUntil(kT0 + 5000)).value();
  ASSERT_TRUE(set->Next());
  const auto columns = set->samples().value();
  ASSERT_EQ(columns.histograms.size(), 1u);
  EXPECT_EQ(columns.histograms[0]->count, 7);
  EXPECT_EQ(columns.values[0], 2.5);
  ASSERT_EQ(columns.start_timestamps.size(), 1u);
  EXPECT_EQ(columns.start_timestamps[0], kT0 - 1000);
}

TEST(HeadQuerier, GivesTheNewestOfASealedSeries) {
  TestHead t({.out_of_order_window_ms = 10'000'000});
  const auto refs = t.Resolve(1, {{{"a", "1"}}});
  for (int i = 0; i < 1000; ++i) t.AppendAll(1, kT0 + 1000 * i, refs, {double(i)});
  // Late samples are none of the newest.
  t.AppendAll(1, kT0 + 500, refs, {-1});
  const auto querier = t.head().OpenQuerier({}).value();
  ExpectSamples(Select(*querier, NewestUntil(kT0 + 999'000)), {{kT0 + 999'000, 999}});
}

TEST(HeadQuerier, GivesLabelsOfSeriesThatAreRemovedMeanwhile) {
  TestHead t;
  const auto refs = t.Resolve(1, {{{"a", "1"}}, {{"a", "2"}}});
  t.AppendAll(1, kT0, {refs[0]}, {1});
  t.AppendAll(1, kT0 + 5'000'000, {refs[1]}, {1});
  auto querier = t.head().OpenQuerier({}).value();
  storage::SelectHints hints;
  hints.is_sorted = false;
  auto set = querier->Select({}, hints).value();

  std::jthread truncation([&] { EXPECT_TRUE(t.head().Truncate(kT0 + 1, {}).ok()); });
  while (t.head().stats().series_removed_count == 0) std::this_thread::yield();
  ASSERT_TRUE(set->Next());
  EXPECT_EQ(set->labels(), (LabelSet{{"a", "1"}}));
  ASSERT_TRUE(set->Next());
  EXPECT_EQ(set->labels(), (LabelSet{{"a", "2"}}));

  set.reset();
  querier.reset();
  truncation.join();
  EXPECT_EQ(t.Read().size(), 1u);
}

// API-020 to API-022: the series of a range and its names, as upstream tells them of its head.
TEST(HeadQuerier, SeriesAndNamesKeepToTheRange) {
  TestHead t({.out_of_order_window_ms = 1'000'000});
  const auto refs = t.Resolve(1, {{{"a", "old"}}, {{"a", "young"}}});
  const auto own = t.Resolve(0, {{{"a", "own"}}});
  for (int i = 0; i < 3; ++i) t.AppendAll(1, kT0 + 1000 * i, {refs[0]}, {1});
  for (int i = 6; i < 9; ++i) t.AppendAll(1, kT0 + 1000 * i, {refs[1]}, {1});
  t.AppendAll(0, kT0 + 8000, own, {1});
  t.AppendAll(0, kT0 - 500'000, own, {1});

  using Strings = std::vector<std::string>;
  const Strings all = {"old", "own", "young"};
  const struct {
    std::string name;
    model::TimeRange range;
    Strings series;
    Strings values;
  } cases[] = {
      {"all time", {}, all, all},
      {"before all samples", {0, kT0 - 500'001}, {}, {}},
      {"a late sample", {kT0 - 500'000, kT0 - 500'000}, {"own"}, all},
      {"between it and the others", {kT0 - 499'999, kT0 - 1}, {}, {}},
      {"the first sample", {kT0 - 1, kT0}, {"old"}, all},
      {"between two samples", {kT0 + 1001, kT0 + 1999}, {"old"}, all},
      {"behind the last of one", {kT0 + 2001, kT0 + 5999}, {}, all},
      {"the last sample", {kT0 + 8000, kT0 + 9000}, {"own", "young"}, all},
      {"after all samples", {kT0 + 8001, kT0 + 9000}, {}, {}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const auto querier = t.head().OpenQuerier(c.range).value();
    storage::SelectHints hints;
    hints.range = c.range;
    hints.is_labels_only = true;
    const auto set = querier->Select({}, hints).value();
    Strings series;
    while (set->Next()) series.emplace_back(set->labels().Get("a"));
    EXPECT_EQ(series, c.series);
    EXPECT_EQ(querier->LabelValues("a", {}, {})->entries, c.values);
    EXPECT_EQ(querier->LabelNames({}, {})->entries, c.values.empty() ? Strings{} : Strings{"a"});
  }
}

}  // namespace
}  // namespace narthex::head
