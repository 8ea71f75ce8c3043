#include "engine/engine.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <numeric>
#include <thread>

#include "fake_clock.h"
#include "last_record.h"
#include "memory_store.h"
#include "ticking_clock.h"

namespace narthex::engine {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr model::TimestampMs kMinuteMs = 60'000;

// `count` counters a{n="..."} that rise by n + 1 each 10 s, for ten minutes.
void Fill(MemoryStore& store, std::size_t count) {
  for (std::size_t n = 0; n < count; ++n) {
    const std::string name = std::to_string(n);
    const model::LabelSet labels = {{"__name__", "a_total"}, {"n", name}};
    for (int i = 0; i <= 60; ++i) {
      store.Append(labels, i * 10'000, static_cast<double>(i) * static_cast<double>(n + 1));
    }
  }
}

double OnlyValue(const Result<QueryResult>& result) {
  const auto& vector = std::get<Vector>(result.value().value);
  EXPECT_EQ(vector.size(), 1U);
  return vector.at(0).sample.value;
}

TEST(Engine, GivesTheKindThatTheExpressionHas) {
  MemoryStore store;
  Fill(store, 1);
  Engine engine({});
  const struct {
    std::string query;
    promql::ValueType type;
  } cases[] = {
      {"1 + 1", promql::ValueType::kScalar},           {"'text'", promql::ValueType::kString},
      {"a_total", promql::ValueType::kVector},         {"a_total[1m]", promql::ValueType::kMatrix},
      {"a_total[1m:10s]", promql::ValueType::kMatrix},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.query);
    const auto result = engine.Instant(store, c.query, 5 * kMinuteMs);
    ASSERT_TRUE(result.ok()) << result.error().message();
    EXPECT_EQ(result->type(), c.type);
  }
}

TEST(Engine, NamesTheFaultByItsCode) {
  MemoryStore store;
  Fill(store, 2);
  EngineOptions options;
  options.samples_max = 50;
  Engine engine(options);
  const struct {
    std::string query;
    ErrorCode code;
  } cases[] = {
      {"a_total +", ErrorCode::kInvalidArgument},
      {"a_total + on () a_total", ErrorCode::kFailedPrecondition},
      {"sum_over_time(a_total[10m])", ErrorCode::kResourceExhausted},
      {"sum_over_time(a_total[10y:1ms])", ErrorCode::kResourceExhausted},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.query);
    EXPECT_EQ(engine.Instant(store, c.query, 10 * kMinuteMs).code(), c.code);
  }
  EXPECT_EQ(engine.active_query_count(), 0U);
}

TEST(Engine, RangeRefusesWhatHasNoSteps) {
  MemoryStore store;
  Engine engine({});
  const auto matrix = engine.Range(store, "a[1m]", {0, 1000, seconds(1)});
  ASSERT_FALSE(matrix.ok());
  EXPECT_EQ(matrix.error().message(),
            "invalid expression type \"range vector\" for range query, must be Scalar or instant "
            "Vector");
  EXPECT_EQ(engine.Range(store, "1", {0, 1000, milliseconds(0)}).code(),
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(engine.Range(store, "1", {1000, 0, seconds(1)}).code(), ErrorCode::kInvalidArgument);
  EXPECT_EQ(engine
                .Range(store, "1",
                       {std::numeric_limits<std::int64_t>::min(),
                        std::numeric_limits<std::int64_t>::max(), milliseconds(1)})
                .code(),
            ErrorCode::kResourceExhausted);
}

TEST(Engine, StopsWhenAsked) {
  MemoryStore store;
  Fill(store, 3);
  Engine engine({});
  std::stop_source stop;
  store.SetReadHook([&] { stop.request_stop(); });
  QueryOptions options;
  options.stop = stop.get_token();
  const auto result = engine.Instant(store, "rate(a_total[5m])", 5 * kMinuteMs, options);
  EXPECT_EQ(result.code(), ErrorCode::kCanceled);
  EXPECT_EQ(store.read_count(), 1U);
}

TEST(Engine, StopsWhenItsTimeIsOver) {
  MemoryStore store;
  Fill(store, 40);
  FakeClock clock;
  Engine engine({}, clock);
  store.SetReadHook([&] { clock.Advance(seconds(2)); });
  QueryOptions options;
  options.timeout = seconds(3);
  const auto result = engine.Instant(store, "sum(a_total)", 5 * kMinuteMs, options);
  ASSERT_EQ(result.code(), ErrorCode::kDeadlineExceeded);
  EXPECT_EQ(result.error().message(), "query timed out in query execution");
  EXPECT_LT(store.read_count(), 40U);
}

// A store that takes long to find its series: it asks until it is told that nobody waits.
class SlowlyFindingStore : public storage::Queryable {
 public:
  explicit SlowlyFindingStore(std::function<void()> hook) : hook_(std::move(hook)) {}
  Result<std::unique_ptr<storage::Querier>> OpenQuerier(model::TimeRange) override {
    return std::make_unique<SlowQuerier>(hook_);
  }

 private:
  class SlowQuerier : public storage::Querier {
   public:
    explicit SlowQuerier(std::function<void()> hook) : hook_(std::move(hook)) {}
    Result<std::unique_ptr<storage::SeriesSet>> Select(std::span<const model::Matcher>,
                                                       const storage::SelectHints& hints) override {
      NARTHEX_CHECK(hints.check_alive, "long work has somebody to ask");
      for (int i = 0; i < 1000; ++i) {
        NARTHEX_TRY(hints.check_alive());
        hook_();
      }
      return Error{ErrorCode::kInternal, "nobody ended it"};
    }
    Result<storage::LabelList> LabelNames(std::span<const model::Matcher>,
                                          const storage::ListHints&) override {
      return storage::LabelList();
    }
    Result<storage::LabelList> LabelValues(std::string_view, std::span<const model::Matcher>,
                                           const storage::ListHints&) override {
      return storage::LabelList();
    }

   private:
    const std::function<void()> hook_;
  };

  const std::function<void()> hook_;
};

TEST(Engine, StopsWhileTheStoreLooksForSeries) {
  for (const char* query : {"a", "rate(a[5m])", "sum(a) / count(a)"}) {
    SCOPED_TRACE(query);
    FakeClock clock;
    std::stop_source stop;
    int look_count = 0;
    SlowlyFindingStore canceled([&] {
      if (++look_count == 5) stop.request_stop();
    });
    Engine engine({}, clock);
    QueryOptions options;
    options.stop = stop.get_token();
    const auto result = engine.Instant(canceled, query, 0, options);
    ASSERT_EQ(result.code(), ErrorCode::kCanceled);
    EXPECT_EQ(result.error().message(), "query was canceled in query execution");
    EXPECT_EQ(look_count, 5);
    SlowlyFindingStore late([&] { clock.Advance(seconds(50)); });
    EXPECT_EQ(engine.Instant(late, query, 0).code(), ErrorCode::kDeadlineExceeded);
  }
}

TEST(Engine, StopsInsideOfLongWindows) {
  MemoryStore store;
  for (int i = 0; i < 20'000; ++i) {
    store.Append({{"__name__", "a"}}, i * 100, static_cast<double>(i * 7919 % 1000));
  }
  const struct {
    std::string query;
    milliseconds step;
  } cases[] = {
      {"stddev_over_time(a[30m])", seconds(1)},
      {"deriv(a[30m])", seconds(1)},
      {"quantile_over_time(0.5, a[30m])", milliseconds(10)},
      {"avg_over_time(a[30m])", milliseconds(10)},
      {"max_over_time(a[30m])", milliseconds(10)},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.query);
    TickingClock clock;
    Engine engine({}, clock);
    QueryOptions options;
    options.timeout = milliseconds(25);
    const auto result = engine.Range(store, c.query, {0, 2'000'000, c.step}, options);
    EXPECT_EQ(result.code(), ErrorCode::kDeadlineExceeded);
    EXPECT_LT(clock.look_count(), 40);
  }
}

TEST(Engine, AdmitsNoMoreThanTheLimit) {
  MemoryStore store;
  Fill(store, 1);
  EngineOptions options;
  options.concurrent_queries_max = 1;
  Engine engine(options);
  std::latch is_reading(1);
  std::latch may_go_on(1);
  store.SetReadHook([&] {
    is_reading.count_down();
    may_go_on.wait();
  });
  std::jthread first([&] { EXPECT_TRUE(engine.Instant(store, "a_total", kMinuteMs).ok()); });
  is_reading.wait();
  EXPECT_EQ(engine.active_query_count(), 1U);

  std::stop_source stop;
  stop.request_stop();
  QueryOptions canceled;
  canceled.stop = stop.get_token();
  const auto second = engine.Instant(store, "1", 0, canceled);
  ASSERT_EQ(second.code(), ErrorCode::kCanceled);
  EXPECT_EQ(second.error().message(), "query was canceled in query queue");
  QueryOptions hurried;
  hurried.timeout = milliseconds(0);
  EXPECT_EQ(engine.Instant(store, "1", 0, hurried).code(), ErrorCode::kDeadlineExceeded);

  may_go_on.count_down();
  first.join();
  EXPECT_EQ(engine.active_query_count(), 0U);
  store.SetReadHook({});
  EXPECT_TRUE(engine.Instant(store, "a_total", kMinuteMs).ok());
}

TEST(Engine, LookbackOfTheQueryGoesBeforeItsOwn) {
  MemoryStore store;
  store.Append({{"__name__", "a"}}, 0, 1);
  EngineOptions options;
  options.lookback = seconds(10);
  Engine engine(options);
  const auto count = [&](model::TimestampMs time, const QueryOptions& query) {
    return std::get<Vector>(engine.Instant(store, "a", time, query).value().value).size();
  };
  EXPECT_EQ(count(9'999, {}), 1U);
  EXPECT_EQ(count(10'000, {}), 0U);
  QueryOptions longer;
  longer.lookback = seconds(20);
  EXPECT_EQ(count(19'999, longer), 1U);
  EXPECT_EQ(count(20'000, longer), 0U);
}

TEST(Engine, SharedTimeColumnsGiveTheSameWindows) {
  const std::string queries[] = {"sum(rate(a_total[1m]))", "max_over_time(a_total[45s])",
                                 "avg by (n) (delta(a_total[2m]))"};
  for (const std::string& query : queries) {
    SCOPED_TRACE(query);
    Matrix results[2];
    for (const bool is_shared : {false, true}) {
      MemoryStore store;
      Fill(store, 5);
      if (is_shared) store.ShareTimeColumn();
      Engine engine({});
      const auto result = engine.Range(store, query, {0, 10 * kMinuteMs, seconds(7)});
      ASSERT_TRUE(result.ok());
      results[is_shared ? 1 : 0] = std::get<Matrix>(result->value);
    }
    ASSERT_EQ(results[0].size(), results[1].size());
    for (std::size_t i = 0; i < results[0].size(); ++i) {
      ASSERT_EQ(results[0][i].labels, results[1][i].labels);
      ASSERT_EQ(results[0][i].samples.size(), results[1][i].samples.size());
      for (std::size_t j = 0; j < results[0][i].samples.size(); ++j) {
        EXPECT_EQ(results[0][i].samples[j].value, results[1][i].samples[j].value);
      }
    }
  }
}

TEST(Engine, AggregationHoldsOneSeriesAtATime) {
  MemoryStore store;
  Fill(store, 100);
  Engine engine({});
  const RangeSpec range = {0, 10 * kMinuteMs, seconds(10)};
  const auto result = engine.Range(store, "sum(rate(a_total[1m]))", range);
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->stats.samples_read, 6100U);
  // The samples of one series, one row of sums and the answer.
  EXPECT_LT(result->stats.samples_held_peak, 200U);
  // What the limit is about: all rates and one series' window.
  EXPECT_GT(result->stats.samples_peak, 5900U);
}

// Of ten minutes of one series, with a sample each ten seconds.
TEST(Engine, CountsSamplesAsUpstream) {
  MemoryStore store;
  Fill(store, 1);
  Engine engine({});
  const struct {
    std::string query;
    std::size_t queryable;
    std::size_t read;
  } cases[] = {
      {"a_total", 11, 11},
      {"a_total @ 60", 11, 1},
      {"timestamp(a_total)", 11, 11},
      // One window at the start, ten of six.
      {"rate(a_total[1m])", 61, 61},
      {"rate(a_total[30s])", 31, 31},
      {"sum_over_time(a_total[2m])", 1 + 7 + 9 * 12, 61},
      // The results of a subquery, not what they are made of.
      {"sum_over_time(a_total[2m:1m])", 1 + 10 * 2, 11},
      {"sum_over_time(rate(a_total[1m])[2m:1m])", 0 + 1 + 9 * 2, 61},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.query);
    const auto result = engine.Range(store, c.query, {0, 10 * kMinuteMs, seconds(60)});
    ASSERT_TRUE(result.ok()) << result.error().message();
    EXPECT_EQ(result->stats.samples_queryable, c.queryable);
    EXPECT_EQ(result->stats.samples_read, c.read);
  }
}

// Of ten series with 61 samples each: the third series' reading stops the query or takes all of its
// time, or the second is too much, or nothing fits in the end.
TEST(Engine, FailuresTellWhatWasRead) {
  const struct {
    std::string query;
    ErrorCode code;
    std::size_t queryable;
    std::size_t read;
  } cases[] = {
      {"sum(a_total)", ErrorCode::kCanceled, 3 * 11, 3 * 11},
      {"sum(a_total)", ErrorCode::kDeadlineExceeded, 3 * 11, 3 * 11},
      {"sum(timestamp(a_total))", ErrorCode::kCanceled, 3 * 11, 3 * 11},
      {"sum(rate(a_total[2m]))", ErrorCode::kCanceled, 3 * (1 + 7 + 9 * 12), 3 * 61},
      // The results of a subquery are looked at, not what they are made of: here none were made.
      {"sum_over_time(a_total[2m:1m])", ErrorCode::kCanceled, 3 * (1 + 10 * 2), 3 * 11},
      {"sum_over_time(sum(a_total)[2m:1m])", ErrorCode::kCanceled, 0, 3 * 11},
      {"sum(a_total) + on () a_total", ErrorCode::kFailedPrecondition, 20 * 11, 20 * 11},
      {"sum(sum_over_time(a_total[2m]))", ErrorCode::kResourceExhausted, 2 * 116, 2 * 61},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.query);
    MemoryStore store;
    Fill(store, 10);
    FakeClock clock;
    LastRecord last;
    EngineOptions options;
    options.observer = &last;
    if (c.code == ErrorCode::kResourceExhausted) options.samples_max = 30;
    Engine engine(options, clock);
    std::stop_source stop;
    int read_count = 0;
    store.SetReadHook([&] {
      if (++read_count != 3) return;
      if (c.code == ErrorCode::kCanceled) stop.request_stop();
      if (c.code == ErrorCode::kDeadlineExceeded) clock.Advance(std::chrono::hours(1));
    });
    QueryOptions query_options;
    query_options.stop = stop.get_token();
    const RangeSpec range = {0, 10 * kMinuteMs, seconds(60)};
    EXPECT_EQ(engine.Range(store, c.query, range, query_options).code(), c.code);
    EXPECT_EQ(last.stats.samples_queryable, c.queryable);
    EXPECT_EQ(last.stats.samples_read, c.read);
    EXPECT_GT(last.stats.samples_peak, 0U);
  }
}

// PQL-011
TEST(Engine, NamesDurationsThatCannotBe) {
  MemoryStore store;
  Engine engine({});
  const struct {
    std::string query;
    std::string error;
  } cases[] = {
      {"up offset (1m/(1m-1m))", "11:20: division by zero"},
      {"rate(up[1m%(1m-1m)])", "8:17: modulo by zero"},
      {"rate(up[1m-2m])", "8:13: duration must be greater than 0"},
      {"rate(up[(1m)-(5m)])", "8:16: duration must be greater than 0"},
      {"rate(up[+(2*-7s)])", "10:15: duration must be greater than 0"},
      {"max_over_time(up[5m:1m-1m])", "20:25: duration must be greater than 0"},
      {"rate(up[step()])", "8:14: duration must be greater than 0"},
      {"rate(up[1m^1m^5m])", "8:16: duration is NaN or infinite"},
      {"up offset (9223372036*2)", "11:23: duration is out of range"},
      // Found although the subquery has no step to evaluate them at, and the range first.
      {"max_over_time(max_over_time(up[1m-2m])[1ms:1h] offset 1ms)",
       "31:36: duration must be greater than 0"},
      {"rate(up[1m-2m] offset (1m/(1m-1m)))", "8:13: duration must be greater than 0"},
      {"rate(up[1m:1m-2m] offset (1m/(1m-1m)))", "26:35: division by zero"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.query);
    const auto result = engine.Instant(store, c.query, 0);
    ASSERT_EQ(result.code(), ErrorCode::kInvalidArgument);
    EXPECT_EQ(result.error().message(), c.error);
  }
}

// Three minutes of one series, with a sample each ten seconds; API-049.
TEST(Engine, CountsSamplesByStep) {
  MemoryStore store;
  Fill(store, 1);
  Engine engine({.has_step_counts = true});
  using Counts = std::vector<std::size_t>;
  const struct {
    std::string query;
    Counts queryable;
    Counts read;
  } cases[] = {
      {"a_total", {1, 1, 1, 1}, {1, 1, 1, 1}},
      {"2", {0, 0, 0, 0}, {0, 0, 0, 0}},
      {"a_total + a_total", {2, 2, 2, 2}, {2, 2, 2, 2}},
      {"timestamp(a_total offset 1m)", {0, 1, 1, 1}, {0, 1, 1, 1}},
      {"rate(a_total[1m])", {1, 6, 6, 6}, {1, 6, 6, 6}},
      {"sum_over_time(a_total[2m])", {1, 7, 12, 12}, {1, 6, 6, 6}},
      // Evaluated once, shown at every step.
      {"a_total @ 60", {1, 1, 1, 1}, {1, 0, 0, 0}},
      {"rate(a_total[1m] @ 60)", {6, 6, 6, 6}, {6, 0, 0, 0}},
      {"sum_over_time(a_total[2m:1m])", {1, 2, 2, 2}, {1, 1, 1, 1}},
      // Steps of the subquery that lie between two windows are evaluated and not counted.
      {"sum_over_time(a_total[20s:10s])", {1, 2, 2, 2}, {1, 2, 2, 2}},
      {"sum_over_time(a_total[20s:10s] offset 30s)", {0, 2, 2, 2}, {0, 2, 2, 2}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.query);
    const auto result =
        engine.Range(store, c.query, {0, 3 * kMinuteMs, seconds(60)}, {.wants_step_counts = true});
    ASSERT_TRUE(result.ok()) << result.error().message();
    Counts queryable, read;
    for (const StepSamples& step : result->stats.steps) {
      EXPECT_EQ(step.timestamp, static_cast<std::int64_t>(queryable.size()) * kMinuteMs);
      queryable.push_back(step.queryable);
      read.push_back(step.read);
    }
    EXPECT_EQ(queryable, c.queryable);
    EXPECT_EQ(read, c.read);
    EXPECT_EQ(result->stats.samples_queryable,
              std::accumulate(queryable.begin(), queryable.end(), std::size_t{0}));
    EXPECT_EQ(result->stats.samples_read,
              std::accumulate(read.begin(), read.end(), std::size_t{0}));
  }
}

TEST(Engine, TellsStepsOnlyWhereTheyAreAllowedAndAskedFor) {
  MemoryStore store;
  Fill(store, 1);
  for (const bool is_allowed : {false, true}) {
    for (const bool is_asked : {false, true}) {
      Engine engine({.has_step_counts = is_allowed});
      for (const char* query : {"a_total[1m]", "a_total[1m:10s]"}) {
        SCOPED_TRACE(query);
        const auto result =
            engine.Instant(store, query, kMinuteMs, {.wants_step_counts = is_asked});
        ASSERT_TRUE(result.ok());
        ASSERT_EQ(result->stats.steps.size(), is_allowed && is_asked ? 1u : 0u);
        if (!result->stats.steps.empty()) {
          EXPECT_EQ(result->stats.steps[0].timestamp, kMinuteMs);
          EXPECT_EQ(result->stats.steps[0].queryable, 6u);
          EXPECT_EQ(result->stats.steps[0].read, 6u);
        }
      }
    }
  }
}

TEST(Engine, AbsentShowsAnEqualityUnlessALaterMatcherIsOfItsLabel) {
  MemoryStore store;
  Engine engine({});
  const struct {
    std::string query;
    std::string labels;
  } cases[] = {
      {"absent(a{n='1', g='2'})", R"({g="2", n="1"})"},
      {"absent(a{n=~'.*1', n='1'})", R"({n="1"})"},
      {"absent(a{n='1', n=~'.*1'})", "{}"},
      {"absent(a{n='1', n='2'})", "{}"},
      {"absent(a{n!='2', n='1'})", "{}"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.query);
    const auto result = engine.Instant(store, c.query, 0);
    ASSERT_TRUE(result.ok()) << result.error().message();
    EXPECT_EQ(std::get<Vector>(result->value).at(0).labels.ToString(), c.labels);
  }
}

TEST(Engine, SurvivesTheEndsOfTime) {
  MemoryStore store;
  store.Append({{"__name__", "a"}}, 0, 1);
  Engine engine({});
  for (const model::TimestampMs time : {std::numeric_limits<model::TimestampMs>::min(),
                                        std::numeric_limits<model::TimestampMs>::max()}) {
    for (const char* query :
         {"a", "rate(a[290y])", "a @ 9223372036854775", "a @ -9223372036854775 offset 290y",
          "sum_over_time(a[1m:10s] offset -290y)", "year(vector(time()))"}) {
      SCOPED_TRACE(query);
      EXPECT_TRUE(engine.Instant(store, query, time).ok());
    }
  }
}

TEST(Engine, NotesStandWithTheirPlace) {
  MemoryStore store;
  for (int i = 0; i < 3; ++i) store.Append({{"__name__", "a"}}, i * 10'000, i);
  Engine engine({});
  const auto result = engine.Instant(store, "quantile(\n  2, rate(a[1m]))", 20'000);
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(OnlyValue(result), std::numeric_limits<double>::infinity());
  EXPECT_EQ(result->warnings, std::vector<std::string>{
                                  "PromQL warning: quantile value should be between 0 and 1, got 2 "
                                  "(2:3)"});
  EXPECT_EQ(result->infos, std::vector<std::string>{
                               "PromQL info: metric might not be a counter, name does not end in "
                               "_total/_sum/_count/_bucket: \"a\" (2:11)"});
}

}  // namespace
}  // namespace narthex::engine
