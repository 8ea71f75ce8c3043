// A map of label sets: the same whatever its size.
#include "label_map.h"

#include <gtest/gtest.h>

#include <string>

namespace narthex::engine {
namespace {

model::LabelSet Numbered(std::size_t n) { return {{"n", std::to_string(n)}}; }

// Also where it has become many tables.
TEST(LabelMap, FindsWhatWasPutIn) {
  constexpr std::size_t kCount = 100'000;
  LabelMap<std::size_t> map;
  std::vector<std::size_t*> values;
  for (std::size_t n = 0; n < kCount; ++n) {
    EXPECT_EQ(map.Find(Numbered(n)), nullptr);
    const auto place = map.TryEmplace(Numbered(n), n);
    EXPECT_TRUE(place.is_new);
    EXPECT_EQ(place.labels, Numbered(n));
    values.push_back(&place.value);
  }
  for (std::size_t n = 0; n < kCount; ++n) {
    const auto place = map.TryEmplace(Numbered(n), kCount);
    EXPECT_FALSE(place.is_new);
    EXPECT_EQ(place.value, n);
    EXPECT_EQ(map.Find(Numbered(n)), values[n]) << "where it was all the time";
  }
  EXPECT_EQ(map.Find(Numbered(kCount)), nullptr);
  std::size_t count = 0;
  std::size_t sum = 0;
  ASSERT_TRUE(map.ForEach([&](const model::LabelSet& labels, std::size_t value) {
                   EXPECT_EQ(labels, Numbered(value));
                   ++count;
                   sum += value;
                   return Ok();
                 })
                  .ok());
  EXPECT_EQ(count, kCount);
  EXPECT_EQ(sum, kCount * (kCount - 1) / 2);
}

TEST(LabelMap, EndsAVisitAtAnError) {
  LabelMap<int> map;
  for (std::size_t n = 0; n < 10; ++n) map.TryEmplace(Numbered(n), 0);
  int count = 0;
  const Status status = map.ForEach([&](const model::LabelSet&, int&) -> Status {
    if (++count == 3) return Error{ErrorCode::kCanceled, "nobody waits"};
    return Ok();
  });
  EXPECT_EQ(status.code(), ErrorCode::kCanceled);
  EXPECT_EQ(count, 3);
}

}  // namespace
}  // namespace narthex::engine
