#include "chunk/page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <limits>
#include <random>
#include <set>

#include "chunk/value_tail.h"
#include "columns.h"
#include "int_column.h"
#include "page_head.h"
#include "residuals.h"

namespace narthex::chunk {
namespace {

TEST(ValuePage, GivesEveryValueBackBitForBit) {
  WithEachKernels([] {
    for (const auto& [name, values] : Columns()) {
      SCOPED_TRACE(name);
      std::string page;
      EncodeValues(values, page);
      EXPECT_LE(page.size(), 8 * values.size() + 1);
      Values got(values.size());
      const Status decoded = DecodeValues(page, got);
      ASSERT_TRUE(decoded.ok()) << decoded.error().message();
      ExpectSameBits(got, values);
    }
  });
}

TEST(ValuePage, KernelsReadWhatOthersWrote) {
  if (Avx2Kernels() == nullptr) GTEST_SKIP() << "this processor has no AVX2";
  for (const auto& [name, values] : Columns()) {
    SCOPED_TRACE(name);
    std::array<std::string, 2> pages;
    std::array<Values, 2> got = {Values(values.size()), Values(values.size())};
    const std::array<const Kernels*, 2> kernels = {&PortableKernels(), Avx2Kernels()};
    const Kernels& before = CurrentKernels();
    for (std::size_t i = 0; i < 2; ++i) {
      UseKernels(*kernels[i]);
      EncodeValues(values, pages[i]);
      UseKernels(*kernels[1 - i]);
      EXPECT_TRUE(DecodeValues(pages[i], got[i]).ok());
    }
    UseKernels(before);
    EXPECT_EQ(pages[0], pages[1]);
    ExpectSameBits(got[0], values);
    ExpectSameBits(got[1], values);
  }
}

TEST(ValuePage, TheColumnsOfTheseTestsHaveEveryMapKindAndTransform) {
  std::set<int> maps, kinds, transforms, flags;
  for (const auto& [name, values] : Columns()) {
    std::string page;
    EncodeValues(values, page);
    const int map = page[0] & 15;
    maps.insert(map);
    if (map != kDecimal) continue;
    kinds.insert(page[1] >> 2 & 7);
    transforms.insert(page[1] & 3);
    for (const int flag : {int{kDivisorBit}, int{kUnsignedBit}}) {
      if ((page[1] & flag) != 0) flags.insert(flag);
    }
  }
  using testing::ElementsAre;
  EXPECT_THAT(maps, ElementsAre(kConstantRaw, kConstantInteger, kDecimal, kDecimalExceptions,
                                kOrderedBits, kRealDoubles, kDecimalCorrected, kDictionary));
  EXPECT_THAT(kinds, ElementsAre(kFrameOfReference, kZigZag, kMiniZigZag, kSparse, kZero,
                                 kMiniFrameOfReference, kBitmap));
  EXPECT_THAT(transforms, ElementsAre(kPlain, kDelta, kDelta2));
  EXPECT_THAT(flags, ElementsAre(kDivisorBit, kUnsignedBit));
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
  WithEachKernels([] {
    for (const auto& [name, values] : Columns()) {
      SCOPED_TRACE(name);
      std::string page;
      EncodeValues(values, page);
      Values got(values.size());
      const std::size_t step = page.size() > 3000 ? 7 : 1;
      for (std::size_t size = 0; size < page.size(); size += step) {
        // An exact copy on the heap lets the address sanitizer see a read behind the end.
        const std::vector<char> exact(page.begin(),
                                      page.begin() + static_cast<std::ptrdiff_t>(size));
        ASSERT_EQ(DecodeValues({exact.data(), exact.size()}, got).code(), ErrorCode::kCorruption)
            << size;
      }
      page.push_back('\0');
      EXPECT_EQ(DecodeValues(page, got).code(), ErrorCode::kCorruption);
    }
  });
}

TEST(ValuePage, FlippedBitsNeverReadOutOfBounds) {
  // The checksum of the container finds the damage; here only that nothing worse happens.
  WithEachKernels([] {
    for (const auto& [name, values] : Columns()) {
      std::string page;
      EncodeValues(values, page);
      Values got(values.size());
      const std::size_t step = page.size() > 300 ? 31 : 1;
      for (std::size_t bit = 0; bit < page.size() * 8; bit += bit < 400 ? 1 : step) {
        std::vector<char> flipped(page.begin(), page.end());
        flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
        (void)DecodeValues({flipped.data(), flipped.size()}, got);
      }
    }
  });
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
    const unsigned shape = static_cast<unsigned>(random() % 8);
    double last = 0;
    for (double& value : values) {
      if (shape == 0) value = Bits(random());
      if (shape == 1) value = last += static_cast<double>(random() % 7);
      if (shape == 2) value = static_cast<double>(static_cast<std::int64_t>(random())) / 1e4;
      if (shape == 3) value = random() % 9 == 0 ? last += 1 : last;
      if (shape == 5) value = last += std::round(double(random() % 4000)) / 1000;
      if (shape == 6) value = std::ldexp(double(random() >> 11), -20 - int(random() % 9));
      if (shape == 7) value = last += random() % 20 == 0 ? double(random() % 100000) - 5e4 : 8;
      if (shape == 4) value = random() % 5 == 0 ? model::StaleNan() : double(random() % 100) / 10;
    }
    WithEachKernels([&] {
      std::string page;
      EncodeValues(values, page);
      Values got(values.size());
      ASSERT_TRUE(DecodeValues(page, got).ok());
      ExpectSameBits(got, values);
    });
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
