// What few series have: histograms, start times, late samples, exemplars; also over a restart.
#include <gtest/gtest.h>

#include <random>

#include "head_testing.h"
#include "temporary_directory.h"

namespace narthex::head {
namespace {

using model::FloatHistogram;
using model::Sample;

FloatHistogram Histogram(double count) {
  FloatHistogram histogram;
  histogram.schema = 1;
  histogram.count = count;
  histogram.sum = count * 2.5;
  histogram.positive_spans = {{0, 2}};
  histogram.positive_buckets = {count - 1, 1};
  return histogram;
}

// What a head must give after it was used, after a replay, and after a checkpoint and a replay.
void ThreeTimes(TestHead& t, const std::function<void()>& check) {
  check();
  t.Reopen();
  {
    SCOPED_TRACE("replayed");
    check();
  }
  ASSERT_TRUE(t.head().Checkpoint().ok());
  t.Reopen();
  SCOPED_TRACE("from a checkpoint");
  check();
}

HeadOptions WithLog(const io::TemporaryDirectory& directory) {
  HeadOptions options;
  options.wal_directory = directory.path() + "/wal";
  options.out_of_order_window_ms = 600'000;
  options.exemplar_count_max = 4;
  return options;
}

storage::AppendOutcome AppendHistograms(TestHead& t, TimestampMs time,
                                        const std::vector<storage::SeriesRef>& refs,
                                        const std::vector<const FloatHistogram*>& histograms,
                                        const std::vector<double>& values) {
  auto outcome = t.head().Append(
      {.group = 1, .timestamp = time, .series = refs, .values = values, .histograms = histograms});
  EXPECT_TRUE(outcome.ok());
  return std::move(outcome).value();
}

TEST(HeadHistograms, AFamilyOfFloatsAndHistogramsComesBackInOneColumn) {
  const io::TemporaryDirectory directory;
  TestHead t(WithLog(directory));
  const auto refs = t.Resolve(1, {{{"a", "1"}}, {{"a", "2"}}, {{"a", "3"}}});
  constexpr int kCount = 500;
  // The second series changes its kind every 37 samples; the third leaves out each seventh.
  const auto is_histogram = [](int i) { return i / 37 % 2 == 0; };
  for (int i = 0; i < kCount; ++i) {
    const FloatHistogram one = Histogram(i + 1);
    std::vector<storage::SeriesRef> some = refs;
    if (i % 7 == 3) some.pop_back();
    std::vector<const FloatHistogram*> histograms = {nullptr, is_histogram(i) ? &one : nullptr,
                                                     &one};
    histograms.resize(some.size());
    std::vector<double> values = {double(i), double(-i), 0};
    values.resize(some.size());
    EXPECT_EQ(AppendHistograms(t, 1000 * i, some, histograms, values).appended_count, some.size());
  }
  ThreeTimes(t, [&] {
    const auto read = t.Read();
    ASSERT_EQ(read.size(), 3u);
    EXPECT_TRUE(read[0].histograms.empty());
    EXPECT_EQ(read[0].samples.size(), std::size_t{kCount});
    ASSERT_EQ(read[1].histograms.size(), std::size_t{kCount});
    for (std::size_t i = 0; i < kCount; ++i) {
      const FloatHistogram want = Histogram(double(i) + 1);
      ASSERT_EQ(read[1].histograms[i].has_value(), is_histogram(int(i))) << i;
      if (is_histogram(int(i))) {
        EXPECT_EQ(*read[1].histograms[i], want);
      }
      EXPECT_EQ(read[1].samples[i].value, is_histogram(int(i)) ? want.sum : -double(i));
    }
    for (std::size_t i = 0; i < read[2].samples.size(); ++i) {
      EXPECT_EQ(*read[2].histograms[i], Histogram(double(read[2].samples[i].timestamp / 1000) + 1));
    }
    EXPECT_EQ(t.Read({100'000, 200'000})[1].histograms.size(), 101u);
  });
  ASSERT_TRUE(t.head().Truncate(300'000, {}).ok());
  EXPECT_EQ(t.Read()[1].histograms.size(), 200u);
}

TEST(HeadHistograms, ARepeatIsAcceptedAndAConflictIsNot) {
  TestHead t;
  const auto refs = t.Resolve(1, {{{"a", "1"}}});
  FloatHistogram one = Histogram(5);
  const FloatHistogram other = Histogram(6);
  EXPECT_EQ(AppendHistograms(t, 1000, refs, {&one}, {0}).appended_count, 1u);
  one.reset_hint = model::CounterResetHint::kNotReset;
  EXPECT_EQ(AppendHistograms(t, 1000, refs, {&one}, {0}).appended_count, 1u);
  EXPECT_EQ(AppendHistograms(t, 1000, refs, {&other}, {0}).duplicate_count, 1u);
  EXPECT_EQ(t.Append(1, 1000, refs, {one.sum}).duplicate_count, 1u);
  EXPECT_EQ(t.head().stats().histogram_appended_count, 1u);
}

TEST(HeadHistograms, AMarkOfStalenessBehindAHistogramIsAHistogram) {
  TestHead t;
  const auto refs = t.Resolve(1, {{{"a", "1"}}});
  const FloatHistogram one = Histogram(5);
  AppendHistograms(t, 1000, refs, {&one}, {0});
  EXPECT_EQ(t.head().stats().stale_series_count, 0u);
  t.AppendAll(1, 2000, refs, {model::StaleNan()});
  EXPECT_EQ(t.head().stats().stale_series_count, 1u);
  ASSERT_TRUE(t.Read()[0].histograms[1].has_value());
  EXPECT_TRUE(model::IsStaleNan(t.Read()[0].histograms[1]->sum));
  AppendHistograms(t, 3000, refs, {&one}, {0});
  EXPECT_EQ(t.head().stats().stale_series_count, 0u);
}

TEST(HeadHistograms, SamplesOfBothKindsInOneBatchComeBackInOrder) {
  const io::TemporaryDirectory directory;
  TestHead t(WithLog(directory));
  const auto ref = t.Resolve(1, {{{"a", "1"}}})[0];
  const FloatHistogram one = Histogram(5);
  const std::vector<storage::SeriesRef> refs(4, ref);
  const std::vector<TimestampMs> times = {1000, 2000, 3000, 4000};
  const std::vector<double> values = {1, 0, 3, 0};
  const std::vector<const FloatHistogram*> histograms = {nullptr, &one, nullptr, &one};
  const auto outcome = t.head().Append({.group = 1,
                                        .timestamps = times,
                                        .series = refs,
                                        .values = values,
                                        .histograms = histograms});
  ASSERT_TRUE(outcome.ok());
  t.AppendAll(1, 5000, {ref}, {5});
  ThreeTimes(t, [&] {
    ExpectSamples(t.Read()[0].samples,
                  {{1000, 1}, {2000, 12.5}, {3000, 3}, {4000, 12.5}, {5000, 5}});
  });
}

TEST(HeadStartTimes, AreKeptAsTheyChange) {
  const io::TemporaryDirectory directory;
  TestHead t(WithLog(directory));
  const auto refs = t.Resolve(1, {{{"a", "1"}}, {{"a", "2"}}});
  const auto append = [&](TimestampMs time, std::vector<TimestampMs> starts) {
    const std::vector<double> values = {double(time), 1};
    ASSERT_TRUE(t.head()
                    .Append({.group = 1,
                             .timestamp = time,
                             .series = refs,
                             .values = values,
                             .start_timestamps = starts})
                    .ok());
  };
  append(1000, {0, 0});
  append(2000, {1500, 0});
  append(3000, {1500, 0});
  append(4000, {3500, 0});
  append(5000, {});
  ThreeTimes(t, [&] {
    const auto read = t.Read();
    EXPECT_EQ(read[0].starts, (std::vector<TimestampMs>{0, 1500, 1500, 3500, 0}));
    EXPECT_TRUE(read[1].starts.empty());
  });
  ASSERT_TRUE(t.head().Truncate(3000, {}).ok());
  EXPECT_EQ(t.Read()[0].starts, (std::vector<TimestampMs>{1500, 3500, 0}));
}

TEST(HeadLate, PassesOverOldSamplesWhereABatchSaysSo) {
  const io::TemporaryDirectory directory;
  TestHead t(WithLog(directory));
  const auto refs = t.Resolve(1, {{{"a", "1"}}, {{"a", "2"}}});
  t.AppendAll(1, 100'000, {refs[0]}, {5});
  const std::vector<TimestampMs> times = {50'000, 50'000};
  const std::vector<double> zeros = {0, 0};
  const auto outcome = t.head().Append(
      {.timestamps = times, .series = refs, .values = zeros, .passes_over_old = true});
  ASSERT_TRUE(outcome.ok());
  EXPECT_EQ(outcome->appended_count, 1u);
  EXPECT_EQ(outcome->out_of_order_count, 0u);
  ThreeTimes(t, [&] {
    const auto read = t.Read();
    ASSERT_EQ(read.size(), 2u);
    ExpectSamples(read[0].samples, {{100'000, 5}});
    ExpectSamples(read[1].samples, {{50'000, 0}});
  });
}

TEST(HeadLate, AcceptsInTheWindowOrNamesTheFault) {
  const struct {
    std::string name;
    TimestampMs window;
    TimestampMs time;
    double value;
    storage::AppendOutcome want;
  } cases[] = {
      {"in order", 600'000, 10'000'001, 1, {.appended_count = 1}},
      {"repeat", 600'000, 10'000'000, 1, {.appended_count = 1}},
      {"conflict", 600'000, 10'000'000, 2, {.duplicate_count = 1}},
      {"late", 600'000, 9'999'999, 2, {.appended_count = 1}},
      {"at the end of the window", 600'000, 9'400'000, 2, {.appended_count = 1}},
      {"behind it", 600'000, 9'399'999, 2, {.too_old_count = 1}},
      {"far behind", 600'000, 1, 2, {.too_old_count = 1}},
      {"no window", 0, 9'999'999, 2, {.out_of_order_count = 1}},
      {"no window, out of bounds", 0, 1, 2, {.out_of_bounds_count = 1}},
      {"window beyond the bounds", 100'000'000, 1, 2, {.appended_count = 1}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    TestHead t;
    t.head().SetOutOfOrderWindow(c.window);
    const auto refs = t.Resolve(1, {{{"a", "1"}}});
    t.AppendAll(1, 10'000'000, refs, {1});
    const auto got = t.Append(1, c.time, refs, {c.value});
    EXPECT_EQ(got.appended_count, c.want.appended_count);
    EXPECT_EQ(got.duplicate_count, c.want.duplicate_count);
    EXPECT_EQ(got.out_of_order_count, c.want.out_of_order_count);
    EXPECT_EQ(got.out_of_bounds_count, c.want.out_of_bounds_count);
    EXPECT_EQ(got.too_old_count, c.want.too_old_count);
  }
}

TEST(HeadLate, LateSamplesTakeTheirPlace) {
  const io::TemporaryDirectory directory;
  TestHead t(WithLog(directory));
  const auto refs = t.Resolve(1, {{{"a", "1"}}, {{"a", "2"}}});
  t.AppendAll(1, 1000, refs, {1, 1});
  t.AppendAll(1, 4000, {refs[0]}, {4});
  auto before = t.head().OpenQuerier({}).value();
  t.AppendAll(1, 3000, {refs[0]}, {3});
  t.AppendAll(1, 2000, {refs[0]}, {2});
  t.AppendAll(1, 2000, {refs[0]}, {2.5});  // the first one holds
  t.AppendAll(1, 1000, {refs[0]}, {1.5});  // the one in order holds
  const FloatHistogram one = Histogram(4);
  AppendHistograms(t, 500, {refs[0]}, {&one}, {0});
  ExpectSamples(ReadAll(*before)[0].samples, {{1000, 1}, {4000, 4}});
  before.reset();
  ThreeTimes(t, [&] {
    const auto read = t.Read();
    ExpectSamples(read[0].samples, {{500, one.sum}, {1000, 1}, {2000, 2}, {3000, 3}, {4000, 4}});
    EXPECT_EQ(*read[0].histograms[0], one);
    EXPECT_FALSE(read[0].histograms[1].has_value());
    EXPECT_EQ(read[0].time_column_id, 0u);
    ExpectSamples(t.Read({2000, 3000})[0].samples, {{2000, 2}, {3000, 3}});
    EXPECT_EQ(t.head().stats().late_count, 4u);
  });
}

TEST(HeadLate, MoveToABlockAndAreForgotten) {
  const io::TemporaryDirectory directory;
  TestHead t(WithLog(directory));
  const auto refs = t.Resolve(1, {{{"a", "1"}}, {{"a", "2"}}});
  t.AppendAll(1, 1'000'000, refs, {1, 1});
  ASSERT_TRUE(t.head().Truncate(900'000, {}).ok());
  EXPECT_TRUE(t.head().late_range().empty());
  t.AppendAll(1, 800'000, {refs[0]}, {8});
  t.AppendAll(1, 950'000, {refs[0]}, {9});
  EXPECT_EQ(t.head().late_range().from, 800'000);
  EXPECT_EQ(t.head().late_range().until, 950'000);
  {
    const std::uint64_t mark = t.head().late_mark();
    t.AppendAll(1, 850'000, {refs[1]}, {7});
    const auto querier = t.head().OpenLateQuerier({0, 899'999});
    ASSERT_TRUE(querier.ok());
    const auto late = ReadAll(**querier);
    ASSERT_EQ(late.size(), 2u);
    ExpectSamples(late[0].samples, {{800'000, 8}});
    ExpectSamples(late[1].samples, {{850'000, 7}});
    // What came behind the mark stays, and so does what is outside the range.
    t.head().ForgetLate({0, 899'999}, mark);
  }
  ASSERT_TRUE(t.head().Checkpoint().ok());
  ThreeTimes(t, [&] {
    const auto read = t.Read();
    ExpectSamples(read[0].samples, {{950'000, 9}, {1'000'000, 1}});
    ExpectSamples(read[1].samples, {{850'000, 7}, {1'000'000, 1}});
    EXPECT_EQ(t.head().late_range().from, 850'000);
  });
}

TEST(HeadLate, ASeriesStaysInMemoryForItsLateSamples) {
  TestHead t;
  t.head().SetOutOfOrderWindow(600'000);
  const auto refs = t.Resolve(1, {{{"a", "1"}}, {{"a", "2"}}});
  t.AppendAll(1, 100'000, {refs[0]}, {1});
  t.AppendAll(1, 200'000, {refs[1]}, {1});
  t.AppendAll(1, 50'000, {refs[0]}, {5});
  ASSERT_TRUE(t.head().Truncate(150'000, {}).ok());
  ExpectSamples(t.Read()[0].samples, {{50'000, 5}});
  t.head().ForgetLate({}, t.head().late_mark());
  ASSERT_TRUE(t.head().Truncate(150'001, {}).ok());
  EXPECT_EQ(t.head().stats().series_count, 1u);
}

storage::AppendOutcome AppendExemplars(TestHead& t,
                                       const std::vector<storage::SeriesExemplar>& exemplars) {
  auto outcome = t.head().Append({.group = 1, .exemplars = exemplars});
  EXPECT_TRUE(outcome.ok());
  return std::move(outcome).value();
}

std::vector<storage::SeriesExemplars> SelectAll(TestHead& t, model::TimeRange range = {}) {
  const std::vector<std::vector<model::Matcher>> selectors = {{}};
  return t.head().SelectExemplars(range, selectors).value();
}

TEST(HeadExemplars, TheNewestAreHeldAndFoundBySelectors) {
  const io::TemporaryDirectory directory;
  TestHead t(WithLog(directory));
  const auto refs = t.Resolve(1, {{{"a", "1"}}, {{"a", "2"}}});
  for (int i = 0; i < 6; ++i) {
    const auto outcome = AppendExemplars(t, {{refs[std::size_t(i % 2)], {{}, double(i), i}}});
    EXPECT_EQ(outcome.exemplar_appended_count, 1u);
  }
  ThreeTimes(t, [&] {
    const auto all = SelectAll(t);
    ASSERT_EQ(all.size(), 2u);
    ASSERT_EQ(all[0].exemplars.size(), 2u);
    EXPECT_EQ(all[0].exemplars[0].timestamp, 2);
    EXPECT_EQ(all[1].exemplars[1].timestamp, 5);
    EXPECT_EQ(SelectAll(t, {5, 9}).size(), 1u);
    const std::vector<std::vector<model::Matcher>> selectors = {{model::Matcher::Equal("a", "2")},
                                                                {model::Matcher::Equal("a", "3")}};
    const auto some = t.head().SelectExemplars({}, selectors).value();
    ASSERT_EQ(some.size(), 1u);
    EXPECT_EQ(some[0].labels, (model::LabelSet{{"a", "2"}}));
    const ExemplarStats stats = t.head().stats().exemplars;
    EXPECT_EQ(stats.count, 4u);
    EXPECT_EQ(stats.series_count, 2u);
    EXPECT_EQ(stats.oldest, 2);
  });
  t.head().SetExemplarLimit(1);
  ASSERT_EQ(SelectAll(t).size(), 1u);
  EXPECT_EQ(SelectAll(t)[0].exemplars[0].timestamp, 5);
  t.head().SetExemplarLimit(0);
  EXPECT_EQ(AppendExemplars(t, {{refs[0], {{}, 9, 9}}}).exemplar_appended_count, 0u);
  EXPECT_TRUE(SelectAll(t).empty());
}

TEST(HeadExemplars, AcceptsOrNamesTheFault) {
  const std::string longest(128, 'x');
  const model::Exemplar before{{{"t", "b"}}, 2, 1000};
  const struct {
    std::string name;
    model::Exemplar exemplar;
    std::size_t appended_count;
    std::size_t out_of_order_count;
    std::size_t held_count;
  } cases[] = {
      {"newer", {{{"t", "a"}}, 1, 1001}, 1, 0, 2},
      {"repeat", before, 1, 0, 1},
      {"older", {{{"t", "c"}}, 3, 999}, 0, 1, 1},
      {"same time, larger value", {{{"t", "a"}}, 3, 1000}, 1, 0, 2},
      {"same time, smaller value", {{{"t", "c"}}, 1, 1000}, 0, 1, 1},
      {"same time and value, labels behind", {{{"t", "c"}}, 2, 1000}, 1, 0, 2},
      {"same time and value, labels before", {{{"t", "a"}}, 2, 1000}, 0, 1, 1},
      {"labels at the limit", {{{"t", longest.substr(1)}}, 3, 1001}, 1, 0, 2},
      {"labels too long", {{{"t", longest}}, 3, 1001}, 0, 0, 1},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    // Against what is held, and within one batch.
    for (const bool is_one_batch : {false, true}) {
      TestHead t({.exemplar_count_max = 10});
      const auto ref = t.Resolve(1, {{{"a", "1"}}})[0];
      storage::AppendOutcome got;
      if (is_one_batch) {
        got = AppendExemplars(t, {{ref, before}, {ref, c.exemplar}});
        --got.exemplar_appended_count;
      } else {
        AppendExemplars(t, {{ref, before}});
        got = AppendExemplars(t, {{ref, c.exemplar}});
      }
      EXPECT_EQ(got.exemplar_appended_count, c.appended_count);
      EXPECT_EQ(got.exemplar_out_of_order_count, c.out_of_order_count);
      EXPECT_EQ(SelectAll(t)[0].exemplars.size(), c.held_count);
      EXPECT_EQ(t.head().stats().exemplars.out_of_order_count, c.out_of_order_count);
    }
  }
}

}  // namespace
}  // namespace narthex::head
