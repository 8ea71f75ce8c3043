#include "chunk/page.h"

#include <gtest/gtest.h>

#include <bit>
#include <limits>
#include <random>

#include "chunk/value_tail.h"
#include "columns.h"

namespace narthex::chunk {
namespace {

TEST(ValuePage, GivesEveryValueBackBitForBit) {
  for (const auto& [name, values] : Columns()) {
    SCOPED_TRACE(name);
    std::string page;
    EncodeValues(values, page);
    EXPECT_LE(page.size(), 9 * values.size() + 1);
    Values got(values.size());
    const Status decoded = DecodeValues(page, got);
    ASSERT_TRUE(decoded.ok()) << decoded.error().message();
    ExpectSameBits(got, values);
  }
}

TEST(ValuePage, CommonShapesAreSmall) {
  const struct {
    std::string name;
    Values values;
    std::size_t size_max;
  } cases[] = {
      {"constant", Values(1024, 5), 2},
      {"steady counter", Made(1024, [](std::size_t i) { return i * 15; }), 6},
      {"change each 100 samples", Made(1024, [](std::size_t i) { return i / 100; }), 160},
      {"8 bit noise", Made(1024, [](std::size_t i) { return i * 7919 % 256; }), 1200},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    std::string page;
    EncodeValues(c.values, page);
    EXPECT_LE(page.size(), c.size_max);
  }
}

TEST(ValuePage, RefusesEveryTruncation) {
  for (const auto& [name, values] : Columns()) {
    SCOPED_TRACE(name);
    std::string page;
    EncodeValues(values, page);
    Values got(values.size());
    for (std::size_t size = 0; size < page.size(); ++size) {
      ASSERT_EQ(DecodeValues(std::string_view(page).substr(0, size), got).code(),
                ErrorCode::kCorruption)
          << size;
    }
    page.push_back('\0');
    EXPECT_EQ(DecodeValues(page, got).code(), ErrorCode::kCorruption);
  }
}

TEST(ValuePage, FlippedBitsNeverReadOutOfBounds) {
  // The checksum of the container finds the damage; here only that nothing worse happens.
  for (const auto& [name, values] : Columns()) {
    std::string page;
    EncodeValues(values, page);
    Values got(values.size());
    for (std::size_t bit = 0; bit<page.size() * 8; bit += page.size()> 1000 ? 13 : 1) {
      std::string flipped(page);
      flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
      // An exact copy on the heap lets the address sanitizer see a read behind the end.
      const std::vector<char> exact(flipped.begin(), flipped.end());
      (void)DecodeValues({exact.data(), exact.size()}, got);
    }
  }
}

TEST(ValuePage, RefusesCountsOutOfBounds) {
  EXPECT_EQ(DecodeValues("x", {}).code(), ErrorCode::kInvalidArgument);
  Values many(kPageSampleCountMax + 1);
  EXPECT_EQ(DecodeValues("x", many).code(), ErrorCode::kInvalidArgument);
}

TEST(ValuePage, RandomColumnsOfEveryLength) {
  const std::uint64_t seed = 20261122;
  SCOPED_TRACE(seed);
  std::mt19937_64 random(seed);
  for (int round = 0; round < 3000; ++round) {
    Values values(1 + random() % (round % 10 == 0 ? kPageSampleCountMax : 40));
    const unsigned shape = static_cast<unsigned>(random() % 5);
    double last = 0;
    for (double& value : values) {
      if (shape == 0) value = Bits(random());
      if (shape == 1) value = last += static_cast<double>(random() % 7);
      if (shape == 2) value = static_cast<double>(static_cast<std::int64_t>(random())) / 1e4;
      if (shape == 3) value = random() % 9 == 0 ? last += 1 : last;
      if (shape == 4) value = random() % 5 == 0 ? model::StaleNan() : double(random() % 100) / 10;
    }
    std::string page;
    EncodeValues(values, page);
    Values got(values.size());
    ASSERT_TRUE(DecodeValues(page, got).ok());
    ExpectSameBits(got, values);
  }
}

TEST(TimeColumn, GivesEveryTimestampBackAndRefusesTruncation) {
  using Times = std::vector<model::TimestampMs>;
  Times steady;
  Times jitter;
  for (int i = 0; i < 1024; ++i) {
    steady.push_back(1'700'000'000'000 + i * 15'000);
    jitter.push_back(1'700'000'000'000 + i * 15'000 + i * 7919 % 13);
  }
  const struct {
    std::string name;
    Times times;
    std::size_t size_max;
  } cases[] = {
      {"one", {0}, 4},
      {"steady", steady, 12},
      {"jitter", jitter, 1024},
      {"extremes",
       {std::numeric_limits<std::int64_t>::min(), -1, 0, 1,
        std::numeric_limits<std::int64_t>::max()},
       41},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    std::string column;
    EncodeTimes(c.times, column);
    EXPECT_LE(column.size(), c.size_max);
    Times got(c.times.size());
    ASSERT_TRUE(DecodeTimes(column, got).ok());
    EXPECT_EQ(got, c.times);
    for (std::size_t size = 0; size < column.size(); ++size) {
      ASSERT_EQ(DecodeTimes(std::string_view(column).substr(0, size), got).code(),
                ErrorCode::kCorruption);
    }
  }
}

TEST(ValueTail, GivesEveryPrefixBackBitForBit) {
  for (const auto& [name, values] : Columns()) {
    SCOPED_TRACE(name);
    ValueTail tail;
    for (std::size_t count = 1; count <= values.size(); ++count) {
      tail.Append(values[count - 1]);
      if (count > 40 && count != values.size()) continue;
      Values got(count);
      tail.Decode(got);
      ExpectSameBits(got,
                     Values(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(count)));
    }
    EXPECT_EQ(tail.count(), values.size());
  }
}

TEST(ValueTail, ASnapshotIsNotChangedByLaterValues) {
  ValueTail tail;
  for (int i = 0; i < 10; ++i) tail.Append(7);
  ValueTail::Snapshot snapshot;
  tail.CopyTo(snapshot);
  for (int i = 0; i < 100; ++i) tail.Append(i);
  Values got(snapshot.count);
  ASSERT_TRUE(ValueTail::Decode(snapshot.tokens, snapshot.repeat_count, got).ok());
  ExpectSameBits(got, Values(10, 7));
}

TEST(ValueTail, RefusesEveryTruncationOfItsTokens) {
  for (const auto& [name, values] : Columns()) {
    SCOPED_TRACE(name);
    ValueTail tail;
    for (const double value : values) tail.Append(value);
    ValueTail::Snapshot snapshot;
    tail.CopyTo(snapshot);
    Values got(snapshot.count);
    for (std::size_t size = 0; size < snapshot.tokens.size(); ++size) {
      ASSERT_EQ(ValueTail::Decode(std::string_view(snapshot.tokens).substr(0, size), 0, got).code(),
                ErrorCode::kCorruption);
    }
  }
}

TEST(ValueTail, ClearGivesTheMemoryBack) {
  ValueTail tail;
  for (int i = 0; i < 1000; ++i) tail.Append(std::sqrt(i));
  EXPECT_GT(tail.allocated_bytes(), 8000u);
  tail.Clear();
  EXPECT_EQ(tail.allocated_bytes(), 0u);
  EXPECT_EQ(tail.count(), 0u);
  tail.Append(3);
  Values got(1);
  tail.Decode(got);
  EXPECT_EQ(got[0], 3);
}

}  // namespace
}  // namespace narthex::chunk
