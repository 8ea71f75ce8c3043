#include "chunk/shared_payloads.h"

#include <gtest/gtest.h>

#include "chunk/page.h"
#include "columns.h"

namespace narthex::chunk {
namespace {

std::string Encoded(const Values& values) {
  std::string page;
  EncodeValues(values, page);
  return page;
}

std::vector<std::string> Rewritten(SharedPayloads& shared, const std::vector<std::string>& pages) {
  for (const std::string& page : pages) shared.Count(page);
  std::vector<std::string> rewritten;
  for (const std::string& page : pages) shared.Rewrite(page, rewritten.emplace_back());
  return rewritten;
}

Values Counter(double start, double step) {
  double at = start;
  return Made(480, [&](std::size_t i) { return at += step * static_cast<double>(i * 7919 % 100); });
}

Values Noise(double start) {
  return Made(480, [&](std::size_t i) { return start + static_cast<double>(i * i % 997); });
}

TEST(SharedPayloads, EveryColumnComesBackFromRewrittenPages) {
  const auto columns = Columns();
  std::vector<std::string> pages;
  // Twice, so that each payload is there to be shared.
  for (int round = 0; round < 2; ++round) {
    for (const auto& [name, values] : columns) pages.push_back(Encoded(values));
  }
  SharedPayloads shared;
  const std::vector<std::string> rewritten = Rewritten(shared, pages);
  for (std::size_t i = 0; i < rewritten.size(); ++i) {
    const auto& [name, values] = columns[i % columns.size()];
    SCOPED_TRACE(name);
    EXPECT_LE(rewritten[i].size(), pages[i].size() + 1);
    Values got(values.size());
    ASSERT_TRUE(
        DecodeValues(rewritten[i], PageContext{.shared = shared.heap(), .parent = {}}, got).ok());
    ExpectSameBits(got, values);
  }
}

TEST(SharedPayloads, CountersInStepShareOnePayload) {
  SharedPayloads shared;
  const std::vector<std::string> pages = {Encoded(Counter(5, 1)), Encoded(Counter(1e9, 1)),
                                          Encoded(Counter(0, 4096))};
  const std::vector<std::string> rewritten = Rewritten(shared, pages);
  for (const std::string& page : rewritten) EXPECT_LE(page.size(), 12u);
  EXPECT_LT(shared.heap().size(), pages[0].size());
}

TEST(SharedPayloads, ARewrittenPageSaysItsPlace) {
  SharedPayloads shared;
  const std::vector<std::string> pages = {Encoded(Counter(5, 1)), Encoded(Counter(1e9, 1)),
                                          Encoded(Noise(5)), Encoded(Noise(9))};
  const std::vector<std::string> rewritten = Rewritten(shared, pages);
  EXPECT_EQ(SharedPlace(rewritten[0]), 0u);
  EXPECT_EQ(SharedPlace(rewritten[1]), 0u);
  EXPECT_GT(SharedPlace(rewritten[2]).value(), 0u);
  EXPECT_EQ(SharedPlace(rewritten[2]), SharedPlace(rewritten[3]));
  EXPECT_EQ(SharedPlace(pages[0]), std::nullopt);
  for (std::size_t size = 0; size < rewritten[0].size(); ++size) {
    EXPECT_EQ(SharedPlace(rewritten[0].substr(0, size)), std::nullopt);
  }
}

TEST(Page, SaysWhetherItIsConstant) {
  EXPECT_TRUE(IsConstant(Encoded(Values(10, 3))));
  EXPECT_TRUE(IsConstant(Encoded(Values(10, 0.1))));
  EXPECT_FALSE(IsConstant(Encoded(Counter(5, 1))));
  EXPECT_FALSE(IsConstant(""));
}

TEST(SharedPayloads, APageOfItsOwnStaysAsItIs) {
  SharedPayloads shared;
  const std::vector<std::string> pages = {Encoded(Counter(5, 1)), Encoded(Values(10, 3)),
                                          Encoded(Values(10, 3)), "", "\x02"};
  EXPECT_EQ(Rewritten(shared, pages), pages);
  EXPECT_TRUE(shared.heap().empty());
}

TEST(SharedPayloads, RefusesTruncationAndAHeapCutShort) {
  SharedPayloads shared;
  const Values values = Counter(5, 1);
  const std::string page = Encoded(values);
  const std::string rewritten = Rewritten(shared, {page, page})[0];
  Values got(values.size());
  const auto decode = [&](std::string_view bytes, std::string_view heap) {
    const std::vector<char> exact(heap.begin(), heap.end());
    return DecodeValues(bytes, PageContext{.shared = {exact.data(), exact.size()}, .parent = {}},
                        got)
        .code();
  };
  ASSERT_EQ(decode(rewritten, shared.heap()), std::nullopt);
  for (std::size_t size = 0; size < rewritten.size(); ++size) {
    EXPECT_EQ(decode(std::string_view(rewritten).substr(0, size), shared.heap()),
              ErrorCode::kCorruption);
  }
  for (std::size_t size = 0; size < shared.heap().size(); ++size) {
    ASSERT_EQ(decode(rewritten, std::string_view(shared.heap()).substr(0, size)),
              ErrorCode::kCorruption);
  }
  EXPECT_EQ(DecodeValues(rewritten, got).code(), ErrorCode::kCorruption);
}

}  // namespace
}  // namespace narthex::chunk
