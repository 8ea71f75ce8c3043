// Long work between the last sample and the answer: it asks, too, whether the query goes on.
#include <gtest/gtest.h>

#include "engine/engine.h"
#include "memory_store.h"
#include "ticking_clock.h"

namespace narthex::engine {
namespace {

using std::chrono::milliseconds;

using Events = std::vector<std::string>;

// A querier that notes its end, which is that of all that reads from it.
class NotingQuerier : public storage::Querier {
 public:
  NotingQuerier(std::unique_ptr<storage::Querier> querier, Events& events)
      : querier_(std::move(querier)), events_(events) {}
  ~NotingQuerier() override { events_.emplace_back("freed"); }

  Result<std::unique_ptr<storage::SeriesSet>> Select(std::span<const model::Matcher> matchers,
                                                     const storage::SelectHints& hints) override {
    return querier_->Select(matchers, hints);
  }
  Result<storage::LabelList> LabelNames(std::span<const model::Matcher> matchers,
                                        const storage::ListHints& hints) override {
    return querier_->LabelNames(matchers, hints);
  }
  Result<storage::LabelList> LabelValues(std::string_view name,
                                         std::span<const model::Matcher> matchers,
                                         const storage::ListHints& hints) override {
    return querier_->LabelValues(name, matchers, hints);
  }

 private:
  const std::unique_ptr<storage::Querier> querier_;
  Events& events_;
};

class NotingStore : public storage::Queryable {
 public:
  NotingStore(MemoryStore& store, Events& events) : store_(store), events_(events) {}
  Result<std::unique_ptr<storage::Querier>> OpenQuerier(model::TimeRange range) override {
    NARTHEX_ASSIGN_OR_RETURN(auto querier, store_.OpenQuerier(range));
    return std::unique_ptr<storage::Querier>(
        std::make_unique<NotingQuerier>(std::move(querier), events_));
  }

 private:
  MemoryStore& store_;
  Events& events_;
};

class NotingObserver : public QueryObserver {
 public:
  explicit NotingObserver(Events& events) : events_(events) {}
  void Entered(std::size_t, std::string_view) override { events_.emplace_back("entered"); }
  void Left(std::size_t) override { events_.emplace_back("left"); }
  void Ended(const QueryRecord&) override {}

 private:
  Events& events_;
};

// Freeing what many series left takes a while that others must not wait for.
TEST(Query, LeavesItsPlaceBeforeItFreesWhatItHeld) {
  MemoryStore store;
  for (const char* number : {"1", "2", "3"}) store.Append({{"__name__", "b"}, {"n", number}}, 0, 1);
  std::stop_source stop;
  store.SetReadHook([&] { stop.request_stop(); });
  Events events;
  NotingObserver observer(events);
  NotingStore noting(store, events);
  EngineOptions options;
  options.observer = &observer;
  Engine engine(options);
  QueryOptions canceled;
  canceled.stop = stop.get_token();
  const RangeSpec range = {0, 2, milliseconds(1)};
  for (const char* query :
       {"b", "label_replace(b, \"m\", \"$1\", \"n\", \"(.*)\")", "b + on (n) b"}) {
    SCOPED_TRACE(query);
    stop = std::stop_source();
    canceled.stop = stop.get_token();
    events.clear();
    EXPECT_EQ(engine.Range(noting, query, range, canceled).code(), ErrorCode::kCanceled);
    EXPECT_EQ(events, (Events{"entered", "left", "freed"}));
  }
}

// All samples are read before the first group is there; then each group is a row of its own.
TEST(Aggregation, AsksBetweenGroups) {
  constexpr int kGroupCount = 20'000;
  MemoryStore store;
  for (int n = 0; n < kGroupCount; ++n) {
    const std::string number = std::to_string(n);
    store.Append({{"__name__", "b"}, {"n", number}}, 0, n);
  }
  TickingClock counting;
  Engine counter({}, counting);
  ASSERT_TRUE(counter.Instant(store, "count(b)", 0).ok());
  TickingClock clock;
  Engine engine({}, clock);
  ASSERT_TRUE(engine.Instant(store, "count(sum by (n) (b))", 0).ok());
  // Once in a thousand rows.
  EXPECT_GE(clock.look_count(), counting.look_count() + kGroupCount / 1024);
}

// How often a query asks once its last sample is read.
std::int64_t LooksBehindTheSamples(MemoryStore& store, const std::string& query, RangeSpec range) {
  TickingClock clock;
  std::int64_t looks_at_sample = 0;
  store.SetReadHook([&] { looks_at_sample = clock.look_count(); });
  EngineOptions options;
  options.parse.allows_fill_modifiers = true;
  options.timeout = std::chrono::hours(1);
  Engine engine(options, clock);
  const auto result = engine.Range(store, query, range);
  EXPECT_TRUE(result.ok()) << query << ": " << result.error().message();
  return clock.look_count() - looks_at_sample;
}

// What is sorted, looked through or made of what was read.
TEST(Query, AsksWhileItWorksOnWhatItHolds) {
  constexpr int kSeriesCount = 40'000;
  MemoryStore store;
  for (int n = 0; n < kSeriesCount; ++n) {
    store.Append({{"__name__", "a"}, {"n", std::to_string(n)}}, 0, n * 7919 % kSeriesCount);
  }
  const RangeSpec one_step = {0, 0, milliseconds(1)};
  const auto looks = [&](const std::string& query) {
    return LooksBehindTheSamples(store, query, one_step);
  };
  // Rows that flow by are asked about once in a thousand.
  constexpr int kRowQuestions = kSeriesCount / 1024;
  // Five stretches of 8 Ki are sorted and merged thrice.
  EXPECT_GE(looks("count(topk(40000, a))"), kRowQuestions + 4 + 3 * 4);
  // Each group is looked at, or made a row of.
  constexpr int kGroupQuestions = kSeriesCount * 16 / 65536;
  EXPECT_GE(looks("count(nothing + on (n) a)"), kGroupQuestions);
  EXPECT_GE(looks("count(nothing + on (n) fill_left (0) a)"), kRowQuestions + 2 * kGroupQuestions);
}

// One histogram alone, over many steps.
TEST(HistogramQuantile, StopsBetweenSteps) {
  MemoryStore store;
  for (int le = 0; le < 50; ++le) {
    store.Append({{"__name__", "b"}, {"le", std::to_string(le)}}, 0, le);
  }
  const RangeSpec steps = {0, 3999, milliseconds(1)};
  // 200,000 values of buckets: once in 64 Ki.
  EXPECT_GE(LooksBehindTheSamples(store, "histogram_quantile(0.9, b)", steps),
            LooksBehindTheSamples(store, "b", steps) + 3);
}

// 300 steps of 1,000 buckets: the samples are read long before the last quantile is there.
TEST(HistogramQuantile, StopsBetweenHistograms) {
  constexpr std::int64_t kStepMs = 1000;
  MemoryStore store;
  for (int n = 0; n < 100; ++n) {
    for (int le = 0; le < 10; ++le) {
      const std::string number = std::to_string(n), bound = std::to_string(le);
      const model::LabelSet labels = {{"__name__", "b"}, {"le", bound}, {"n", number}};
      store.Append(labels, 0, le);
    }
  }
  const std::int64_t end = 299 * kStepMs;  // within the lookback
  TickingClock counting;
  Engine counter({}, counting);
  ASSERT_TRUE(counter.Range(store, "b", {0, end, milliseconds(kStepMs)}).ok());
  TickingClock clock;
  Engine engine({}, clock);
  const std::string query = "histogram_quantile(0.9, b)";
  ASSERT_TRUE(engine.Range(store, query, {0, end, milliseconds(kStepMs)}).ok());
  // 300,000 values of buckets: once in 64 Ki.
  EXPECT_GE(clock.look_count(), counting.look_count() + 4);
}

}  // namespace
}  // namespace narthex::engine
