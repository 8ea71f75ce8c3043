#include <gtest/gtest.h>

#include "chunk/page.h"
#include "columns.h"

namespace narthex::chunk {
namespace {

constexpr std::size_t kAnySize = 100'000;

PageContext WithParent(const Values& parent) { return {.shared = {}, .parent = parent}; }

// Two neighbouring buckets: the second counts some less.
std::pair<Values, Values> Buckets(std::size_t count) {
  std::mt19937_64 random(5);
  Values parent, values;
  double all = 1e6, some = 4e5;
  for (std::size_t i = 0; i < count; ++i) {
    const auto more = static_cast<double>(random() % 5000);
    all += more;
    some += more - static_cast<double>(random() % 3);
    parent.push_back(all);
    values.push_back(some);
  }
  return {parent, values};
}

TEST(DifferencePage, ComesBackWithItsParent) {
  for (const std::size_t count : {1u, 2u, 3u, 63u, 64u, 65u, 480u, 1023u, 1024u}) {
    SCOPED_TRACE(count);
    const auto [parent, values] = Buckets(count);
    std::string page, own;
    ASSERT_TRUE(EncodeDifference(values, parent, kAnySize, page));
    EXPECT_TRUE(HasParent(page));
    Values got(count);
    ASSERT_TRUE(DecodeValues(page, WithParent(parent), got).ok());
    ExpectSameBits(got, values);
    EncodeValues(values, own);
    EXPECT_FALSE(HasParent(own));
    if (count > 60) {
      EXPECT_LT(page.size(), own.size() / 2);
    }
  }
}

TEST(DifferencePage, IsOnlyWrittenForIntegersAndWhereItIsSmaller) {
  const auto [parent, values] = Buckets(100);
  Values fraction = values, stale = parent;
  fraction[7] += 0.5;
  stale[99] = model::StaleNan();
  std::string page = "before";
  EXPECT_FALSE(EncodeDifference(fraction, parent, kAnySize, page));
  EXPECT_FALSE(EncodeDifference(values, fraction, kAnySize, page));
  EXPECT_FALSE(EncodeDifference(values, stale, kAnySize, page));
  EXPECT_FALSE(EncodeDifference(Values(100, -0.0), parent, kAnySize, page));
  EXPECT_FALSE(EncodeDifference(values, parent, 20, page));
  EXPECT_EQ(page, "before");
}

TEST(DifferencePage, RefusesAMissingParentAndTruncation) {
  const auto [parent, values] = Buckets(200);
  std::string page;
  ASSERT_TRUE(EncodeDifference(values, parent, kAnySize, page));
  Values got(values.size());
  EXPECT_EQ(DecodeValues(page, got).code(), ErrorCode::kCorruption);
  EXPECT_EQ(DecodeValues(page, WithParent(Values(199, 1)), got).code(), ErrorCode::kCorruption);
  for (std::size_t size = 0; size < page.size(); ++size) {
    ASSERT_EQ(DecodeValues(page.substr(0, size), WithParent(parent), got).code(),
              ErrorCode::kCorruption);
  }
  EXPECT_FALSE(HasParent(""));
}

}  // namespace
}  // namespace narthex::chunk
