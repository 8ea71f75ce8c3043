#include "model/histogram_buckets.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>

namespace narthex::model {
namespace {

TEST(HistogramBuckets, ReducesAnyIndexByAnySchema) {
  constexpr std::int32_t kLowest = std::numeric_limits<std::int32_t>::min();
  constexpr std::int32_t kHighest = std::numeric_limits<std::int32_t>::max();
  const struct {
    std::string name;
    std::int32_t schema;
    std::int32_t index;
    std::int32_t want;  // index in schema 8
  } cases[] = {
      {"one finer", 9, 3, 2},
      {"finest reserved, just above 1", 52, 1, 1},
      {"finest reserved, just below 1", 52, 0, 0},
      {"finest reserved, highest", 52, kHighest, 1},
      {"finest reserved, lowest", 52, kLowest, 0},
      {"one finer, lowest", 9, kLowest, kLowest / 2},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    FloatHistogram histogram;
    histogram.schema = c.schema;
    histogram.positive_spans = {{c.index, 1}};
    histogram.positive_buckets = {7};
    ReduceResolution(histogram, 8);
    EXPECT_EQ(histogram.schema, 8);
    ASSERT_EQ(histogram.positive_spans.size(), 1u);
    EXPECT_EQ(histogram.positive_spans[0].offset, c.want);
  }
}

}  // namespace
}  // namespace narthex::model
