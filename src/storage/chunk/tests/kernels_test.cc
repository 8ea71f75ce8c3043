// Every set of kernels gives the same, and reads nothing outside the bytes it got.
#include "kernels.h"

#include <gtest/gtest.h>

#include <numeric>

#include "bits.h"
#include "columns.h"
#include "decimal.h"

namespace narthex::chunk {
namespace {

const std::vector<std::size_t> kCounts = {0, 1, 7, 8, 9, 15, 16, 63, 64, 65, 120, 255, 1023, 1024};

std::vector<std::uint64_t> RandomCodes(std::size_t count, unsigned width) {
  std::mt19937_64 random(count * 100 + width);
  std::vector<std::uint64_t> codes(count);
  for (std::uint64_t& code : codes) code = random() & LowBits(width);
  return codes;
}

// Packed codes in memory of just their size, so that the address sanitizer sees every byte read
// behind them; or with some more behind.
class PackedCodes {
 public:
  PackedCodes(const std::vector<std::uint64_t>& codes, unsigned width, std::size_t extra)
      : count_(codes.size()), width_(width) {
    std::string packed;
    Pack(codes, width, packed);
    packed.append(extra, '\xff');
    bytes_.assign(packed.begin(), packed.end());
  }
  PackedRun run() const { return {bytes_.data(), bytes_.size(), count_, width_}; }

 private:
  std::vector<unsigned char> bytes_;
  std::size_t count_;
  unsigned width_;
};

TEST(Kernels, UnpackGivesBackWhatWasPacked) {
  WithEachKernels([] {
    for (unsigned width = 0; width <= kPackedWidthMax; ++width) {
      for (const std::size_t count : kCounts) {
        SCOPED_TRACE(testing::Message() << width << " bits, " << count << " codes");
        const auto codes = RandomCodes(count, width);
        for (const std::size_t extra : {0u, 3u, 100u}) {
          const PackedCodes packed(codes, width, extra);
          std::vector<std::uint64_t> got(count, 1);
          CurrentKernels().unpack(packed.run(), got.data());
          ASSERT_EQ(got, codes);
          if (width > kNarrowWidthMax) continue;
          std::vector<std::uint32_t> narrow(count, 1);
          CurrentKernels().unpack_narrow(packed.run(), narrow.data());
          ASSERT_TRUE(std::equal(narrow.begin(), narrow.end(), codes.begin()));
        }
      }
    }
  });
}

Values DecodePackedWith(const Kernels& kernels, const PackedRun& run, Steps steps) {
  Values values(run.count);
  kernels.decode_packed(run, steps, values.data());
  return values;
}

Values DecodeCodesWith(const Kernels& kernels, std::span<const std::uint32_t> codes, Steps steps) {
  Values values(codes.size());
  kernels.decode_codes(codes, 1, steps, values.data());
  return values;
}

TEST(Kernels, DecodeTheSame) {
  if (Avx2Kernels() == nullptr) GTEST_SKIP() << "this processor has no AVX2";
  for (unsigned variant = 0; variant < 8; ++variant) {
    for (unsigned width = 0; width <= kNarrowWidthMax; ++width) {
      Steps steps{.is_zigzag = (variant & 1) != 0, .is_summed = (variant & 2) != 0};
      if (!steps.is_zigzag) steps.base = -77;
      if ((variant & 4) != 0) steps.divisor = 1e5;
      steps.offset = 12345;
      steps.factor = 3;
      for (const std::size_t count : kCounts) {
        SCOPED_TRACE(testing::Message() << variant << ": " << width << " bits, " << count);
        const auto codes = RandomCodes(count, width);
        const PackedCodes packed(codes, width, count % 3);
        ExpectSameBits(DecodePackedWith(*Avx2Kernels(), packed.run(), steps),
                       DecodePackedWith(PortableKernels(), packed.run(), steps));
        const std::vector<std::uint32_t> narrow(codes.begin(), codes.end());
        ExpectSameBits(DecodeCodesWith(*Avx2Kernels(), narrow, steps),
                       DecodeCodesWith(PortableKernels(), narrow, steps));
      }
    }
  }
}

TEST(Kernels, RunsGoOnWhereTheLastEnded) {
  const auto codes = RandomCodes(128, 11);
  const PackedCodes all(codes, 11, 0);
  WithEachKernels([&] {
    const Steps steps{.is_zigzag = true, .is_summed = true, .sum = 5};
    const Values want = DecodePackedWith(CurrentKernels(), all.run(), steps);
    Steps moving = steps;
    Values got(128);
    PackedRun run = all.run();
    run.count = 64;
    CurrentKernels().decode_packed(run, moving, got.data());
    run.bytes += 88;
    run.readable -= 88;
    CurrentKernels().decode_packed(run, moving, got.data() + 64);
    ExpectSameBits(got, want);
  });
}

// Integers that are hard to divide: random ones of all sizes, and those near multiples of the
// divisor and near its halves, where the quotient is near the middle of two doubles.
std::vector<std::int64_t> Dividends(std::int64_t divisor, std::mt19937_64& random) {
  std::vector<std::int64_t> integers = {0, 1, -1, kDecimalLimit - 1, 1 - kDecimalLimit};
  while (integers.size() < 1024) {
    const auto any = static_cast<std::int64_t>(random() >> (13 + random() % 50));
    integers.push_back(random() % 2 == 0 ? any : -any);
    integers.push_back(any / divisor * divisor + static_cast<std::int64_t>(random() % 5) - 2);
    integers.push_back(any / divisor * divisor + divisor / 2 +
                       static_cast<std::int64_t>(random() % 3));
  }
  for (std::int64_t& x : integers) x = std::clamp(x, 1 - kDecimalLimit, kDecimalLimit - 1);
  integers.resize(1024);
  return integers;
}

TEST(Kernels, ScaleIsADivision) {
  WithEachKernels([] {
    std::mt19937_64 random(3);
    for (int exponent = 0; exponent <= kExponentMax; ++exponent) {
      const double divisor = kPowersOfTen[static_cast<std::size_t>(exponent)];
      for (int round = 0; round < 50; ++round) {
        const auto integers = Dividends(static_cast<std::int64_t>(divisor), random);
        Values got(integers.size());
        CurrentKernels().scale(integers, divisor, got.data());
        for (std::size_t i = 0; i < got.size(); ++i) {
          ASSERT_TRUE(model::SameBits(got[i], FromDecimal(integers[i], exponent)))
              << integers[i] << " / " << divisor;
        }
      }
    }
  });
}

TEST(Kernels, ExpandRepeatsUntilTheNextChange) {
  WithEachKernels([] {
    std::mt19937_64 random(4);
    for (const std::size_t count : kCounts) {
      for (int round = 0; round < 20; ++round) {
        std::vector<unsigned char> bitmap((count + 7) / 8);
        for (unsigned char& byte : bitmap) {
          byte = static_cast<unsigned char>(round % 2 == 0 ? random() : random() & random());
        }
        Values changed(count + 1 + kExpandSlack);
        std::iota(changed.begin(), changed.end(), 0);
        Values got(count), want(count);
        double at = 0;
        for (std::size_t i = 0; i < count; ++i) want[i] = at += (bitmap[i / 8] >> (i % 8)) & 1;
        CurrentKernels().expand(bitmap.data(), changed.data(), got);
        ExpectSameBits(got, want);
        CurrentKernels().select(bitmap.data(), changed.data(), got);
        for (std::size_t i = 0; i < count; ++i) {
          if (((bitmap[i / 8] >> (i % 8)) & 1) == 0) want[i] = 0;
        }
        ExpectSameBits(got, want);
      }
    }
  });
}

TEST(Kernels, CorrectMovesByDoubles) {
  WithEachKernels([] {
    Values values = {1.0, -1.0, 0.0, 0.0, -0.0, kInfinity, 5e-324, 2.0, 3.0};
    const Values corrections = {1, 1, 1, -1, 1, -1, -2, 0, 5};
    CurrentKernels().correct(corrections, values.data());
    const double largest = std::numeric_limits<double>::max();
    ExpectSameBits(values, {std::nextafter(1, 2), std::nextafter(-1, 0), 5e-324, -0.0, 0.0, largest,
                            -0.0, 2.0, Bits(0x4008000000000005)});
  });
}

}  // namespace
}  // namespace narthex::chunk
