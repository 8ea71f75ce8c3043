#include "series_cache.h"

#include <gtest/gtest.h>

namespace narthex::remote {
namespace {

SeriesKey KeyOf(std::uint64_t number) {
  return Hash128({reinterpret_cast<const char*>(&number), sizeof(number)});
}

TEST(SeriesCache, FindsWhatWasPut) {
  SeriesCache cache(100'000);
  for (std::uint64_t i = 1; i <= 10'000; ++i) cache.Put(KeyOf(i), {i, i % 7, 1});
  EXPECT_EQ(cache.size(), 10'000U);
  for (std::uint64_t i = 1; i <= 10'000; ++i) {
    const auto known = cache.Find(KeyOf(i));
    ASSERT_TRUE(known.has_value());
    EXPECT_EQ(known->series, i);
    EXPECT_EQ(known->group, i % 7);
  }
  EXPECT_FALSE(cache.Find(KeyOf(0)).has_value());
  cache.Put(KeyOf(5), {99, 0, 0});
  EXPECT_EQ(cache.Find(KeyOf(5))->series, 99U);
}

TEST(SeriesCache, ForgetsWhatIsNotAskedFor) {
  SeriesCache cache(1000);
  for (std::uint64_t i = 1; i <= 100; ++i) cache.Put(KeyOf(i), {i, 0, 0});
  for (std::uint64_t i = 101; i <= 20'000; ++i) {
    cache.Put(KeyOf(i), {i, 0, 0});
    // The first one stays in use.
    ASSERT_TRUE(cache.Find(KeyOf(1)).has_value()) << i;
  }
  EXPECT_LE(cache.size(), 1000U);
  EXPECT_FALSE(cache.Find(KeyOf(50)).has_value());
}

}  // namespace
}  // namespace narthex::remote
