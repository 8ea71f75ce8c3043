// Long work between the last sample and the answer: it asks, too, whether the query goes on.
#include <gtest/gtest.h>

#include "engine/engine.h"
#include "memory_store.h"
#include "ticking_clock.h"

namespace narthex::engine {
namespace {

using std::chrono::milliseconds;

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
