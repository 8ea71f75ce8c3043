// Long work asks, often enough, whether it is still wanted, and stops when it is not.
#include "base/alive.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <random>

#include "base/alive_order.h"
#include "base/alive_vector.h"

namespace narthex {
namespace {

// Says no at the `last`-th question, the first being 1, and counts them.
struct Questions {
  std::int64_t last;
  std::int64_t count = 0;

  AliveCheck check() {
    return [this]() -> Status {
      if (++count >= last) return Error{ErrorCode::kCanceled, "nobody waits"};
      return Ok();
    };
  }
};

TEST(AliveMeter, AsksOnceForSoManyUnitsAndKeepsTheAnswer) {
  Questions questions{3};
  AliveMeter meter(questions.check(), 10);
  for (int i = 0; i < 29; ++i) EXPECT_TRUE(meter.MayGoOn()) << i;
  EXPECT_EQ(questions.count, 2);
  EXPECT_FALSE(meter.MayGoOn());
  EXPECT_FALSE(meter.MayGoOn(1000));
  EXPECT_EQ(questions.count, 3);
  EXPECT_EQ(meter.status().code(), ErrorCode::kCanceled);
}

TEST(AliveMeter, WithoutACheckNeverStops) {
  AliveMeter meter({}, 1);
  EXPECT_TRUE(meter.MayGoOn(1'000'000));
  EXPECT_TRUE(meter.status().ok());
}

TEST(SortWhileAlive, SortsAnyNumber) {
  std::mt19937 random(7);
  for (const std::size_t count :
       {std::size_t{0}, std::size_t{1}, kOrderedPerQuestion - 1, kOrderedPerQuestion,
        kOrderedPerQuestion + 1, 2 * kOrderedPerQuestion, 5 * kOrderedPerQuestion + 3}) {
    SCOPED_TRACE(count);
    std::vector<std::uint32_t> elements(count);
    for (std::uint32_t& element : elements) {
      element = static_cast<std::uint32_t>(random() % 1000);
    }
    std::vector<std::uint32_t> want = elements;
    std::ranges::sort(want);
    Questions questions{1'000'000};
    ASSERT_TRUE(SortWhileAlive(elements, std::less<>(), questions.check()).ok());
    EXPECT_EQ(elements, want);
  }
}

TEST(SortWhileAlive, StopsSoonAfterItIsInVain) {
  constexpr std::size_t kCount = 64 * kOrderedPerQuestion;
  // In its first pass, between passes, in the last.
  for (const int last : {1, 40, 70, 150, 440}) {
    SCOPED_TRACE(last);
    std::vector<std::size_t> elements(kCount);
    for (std::size_t i = 0; i < kCount; ++i) elements[i] = i * 7919 % kCount;
    Questions questions{last};
    std::size_t comparison_count = 0;
    std::size_t count_at_question = 0;
    std::size_t longest = 0;
    std::int64_t question = 0;
    const auto less = [&](std::size_t a, std::size_t b) {
      if (questions.count != question) {
        question = questions.count;
        count_at_question = comparison_count;
      }
      longest = std::max(longest, ++comparison_count - count_at_question);
      return a < b;
    };
    EXPECT_EQ(SortWhileAlive(elements, less, questions.check()).code(), ErrorCode::kCanceled);
    EXPECT_EQ(questions.count, last);
    // 13 comparisons for each of 8 Ki, sorted by quicksort: twice that at most.
    EXPECT_LT(longest, 26 * kOrderedPerQuestion);
  }
}

// To free elements takes a while, which is up to who owns them.
TEST(SortWhileAlive, KeepsAllElementsWhenItIsInVain) {
  constexpr std::size_t kCount = 8 * kOrderedPerQuestion + 5;
  const auto less = [](const auto& a, const auto& b) { return *a < *b; };
  // In the first pass, at the beginning and in the middle of a merge, in the last one.
  for (const int last : {1, 5, 10, 12, 13, 19, 30, 33, 40}) {
    SCOPED_TRACE(last);
    std::vector<std::unique_ptr<std::size_t>> elements;
    for (std::size_t i = 0; i < kCount; ++i) {
      elements.push_back(std::make_unique<std::size_t>(i * 7919 % kCount));
    }
    Questions questions{last};
    ASSERT_EQ(SortWhileAlive(elements, less, questions.check()).code(), ErrorCode::kCanceled);
    ASSERT_EQ(elements.size(), kCount);
    std::vector<bool> seen(kCount);
    for (const auto& element : elements) {
      ASSERT_NE(element, nullptr);
      EXPECT_FALSE(seen[*element]);
      seen[*element] = true;
    }
  }
}

TEST(PushBackWhileAlive, KeepsAllElements) {
  constexpr std::size_t kCount = 5 * kMovedPerQuestion;
  std::vector<std::unique_ptr<std::size_t>> elements;
  Questions questions{1'000'000};
  for (std::size_t i = 0; i < kCount; ++i) {
    ASSERT_TRUE(
        PushBackWhileAlive(elements, std::make_unique<std::size_t>(i), questions.check()).ok());
  }
  ASSERT_EQ(elements.size(), kCount);
  for (std::size_t i = 0; i < kCount; ++i) ASSERT_EQ(*elements[i], i);
  // From 16 Ki on it has grown twice at least, and moved as many and twice as many.
  EXPECT_GE(questions.count, 3);
  EXPECT_LE(questions.count, 8);
}

TEST(PushBackWhileAlive, StopsAmidGrowing) {
  for (const int last : {1, 2, 3, 4}) {
    SCOPED_TRACE(last);
    std::vector<std::unique_ptr<std::size_t>> elements;
    for (std::size_t i = 0; i < 4 * kMovedPerQuestion; ++i) {
      elements.push_back(std::make_unique<std::size_t>(i));
    }
    elements.shrink_to_fit();
    Questions questions{last};
    const Status status =
        PushBackWhileAlive(elements, std::make_unique<std::size_t>(7), questions.check());
    EXPECT_EQ(status.code(), ErrorCode::kCanceled);
    EXPECT_EQ(questions.count, last);
    ASSERT_EQ(elements.size(), 4 * kMovedPerQuestion);
    for (std::size_t i = 0; i < elements.size(); ++i) ASSERT_EQ(*elements[i], i);
  }
}

TEST(UniteWhileAlive, GivesEachElementOnce) {
  using List = std::vector<int>;
  const struct {
    List left;
    List right;
    List want;
  } cases[] = {
      {{}, {}, {}},
      {{1}, {}, {1}},
      {{}, {2}, {2}},
      {{1, 3, 5}, {1, 2, 5, 6}, {1, 2, 3, 5, 6}},
      {{7, 8}, {1, 2}, {1, 2, 7, 8}},
      {{1, 2}, {1, 2}, {1, 2}},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(UniteWhileAlive(c.left, c.right, {}).value(), c.want);
  }
}

TEST(UniteWhileAlive, StopsWhenItIsInVain) {
  std::vector<std::size_t> even(4 * kOrderedPerQuestion);
  std::vector<std::size_t> odd(even.size());
  for (std::size_t i = 0; i < even.size(); ++i) {
    even[i] = 2 * i;
    odd[i] = 2 * i + 1;
  }
  Questions questions{2};
  EXPECT_EQ(UniteWhileAlive(even, odd, questions.check()).code(), ErrorCode::kCanceled);
  EXPECT_EQ(questions.count, 2);
}

}  // namespace
}  // namespace narthex
