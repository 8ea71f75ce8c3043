// Long work between the last sample and the answer: it asks, too, whether the query goes on.
#include "alive_sort.h"

#include <gtest/gtest.h>

#include <random>

#include "memory_store.h"
#include "ticking_clock.h"

namespace narthex::engine {
namespace {

using std::chrono::milliseconds;

Context MakeContext(Clock& clock, const EngineOptions& options, milliseconds deadline) {
  return Context({options, clock, "", {}, milliseconds(0), deadline, {}});
}

TEST(SortWhileAlive, SortsAnyNumber) {
  std::mt19937 random(7);
  for (const std::size_t count :
       {std::size_t{0}, std::size_t{1}, kSortedPerQuestion - 1, kSortedPerQuestion,
        kSortedPerQuestion + 1, 2 * kSortedPerQuestion, 5 * kSortedPerQuestion + 3}) {
    SCOPED_TRACE(count);
    std::vector<std::uint32_t> elements(count);
    for (std::uint32_t& element : elements) {
      element = static_cast<std::uint32_t>(random() % 1000);
    }
    std::vector<std::uint32_t> want = elements;
    std::ranges::sort(want);
    TickingClock clock;
    const EngineOptions options;
    Context context = MakeContext(clock, options, milliseconds(1'000'000));
    ASSERT_TRUE(SortWhileAlive(elements, std::less<>(), context).ok());
    EXPECT_EQ(elements, want);
  }
}

TEST(SortWhileAlive, StopsSoonAfterItsTimeIsOver) {
  constexpr std::size_t kCount = 64 * kSortedPerQuestion;
  // In its first pass, between passes, in the last.
  for (const int deadline_looks : {1, 40, 70, 150, 440}) {
    SCOPED_TRACE(deadline_looks);
    std::vector<std::size_t> elements(kCount);
    for (std::size_t i = 0; i < kCount; ++i) elements[i] = i * 7919 % kCount;
    TickingClock clock;
    const EngineOptions options;
    Context context = MakeContext(clock, options, milliseconds(deadline_looks));
    std::size_t comparison_count = 0;
    std::size_t count_at_look = 0;
    std::size_t longest = 0;
    std::int64_t look = 0;
    const auto less = [&](std::size_t a, std::size_t b) {
      if (clock.look_count() != look) {
        look = clock.look_count();
        count_at_look = comparison_count;
      }
      longest = std::max(longest, ++comparison_count - count_at_look);
      return a < b;
    };
    EXPECT_EQ(SortWhileAlive(elements, less, context).code(), ErrorCode::kDeadlineExceeded);
    EXPECT_EQ(clock.look_count(), deadline_looks);
    // 13 comparisons for each of 8 Ki, sorted by quicksort: twice that at most.
    EXPECT_LT(longest, 26 * kSortedPerQuestion);
  }
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
