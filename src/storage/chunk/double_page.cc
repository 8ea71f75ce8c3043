#include "double_page.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "bits.h"
#include "decimal.h"
#include "kernels.h"
#include "page_head.h"

namespace narthex::chunk {
namespace {

using Codes = std::array<std::uint64_t, kPageSampleCountMax>;
using Integers = std::array<std::int64_t, kPageSampleCountMax>;

// The upper part, of 1 to 16 bits, is left of the cut.
constexpr unsigned kRightWidthMin = 48;
constexpr unsigned kRightWidthMax = 63;
constexpr std::size_t kProbeCount = 32;
// Position and upper part.
constexpr std::size_t kRightExceptionSize = 4;

std::uint64_t BitsOf(double value) { return std::bit_cast<std::uint64_t>(value); }

unsigned WidthOf(std::uint64_t code) { return static_cast<unsigned>(std::bit_width(code)); }

struct CountedPart {
  std::uint16_t part = 0;
  std::size_t count = 0;
};

// The upper parts, the most frequent first.
template <std::size_t kMax>
std::span<CountedPart> CountParts(std::span<std::uint16_t> parts,
                                  std::array<CountedPart, kMax>& counted) {
  std::ranges::sort(parts);
  std::size_t distinct_count = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i == 0 || parts[i] != parts[i - 1]) counted[distinct_count++] = {parts[i], 0};
    ++counted[distinct_count - 1].count;
  }
  const auto used = std::span(counted).first(distinct_count);
  std::ranges::stable_sort(
      used, [](const CountedPart& a, const CountedPart& b) { return a.count > b.count; });
  return used;
}

// The size of the dictionary, a power of two, with the fewest bytes for `value_count` values; and
// these bytes.
std::pair<std::size_t, std::size_t> BestDictionary(std::span<const CountedPart> parts,
                                                   std::size_t value_count) {
  std::pair<std::size_t, std::size_t> best{0, 0};
  std::size_t covered = 0, at = 0;
  for (std::size_t size = 1; size <= RealDoublesPlan::kDictionarySizeMax; size *= 2) {
    for (; at < std::min(size, parts.size()); ++at) covered += parts[at].count;
    const std::size_t bytes = PackedSize(value_count, WidthOf(size - 1)) +
                              (value_count - covered) * kRightExceptionSize + size * 2;
    if (best.first == 0 || bytes < best.second) best = {size, bytes};
    if (size >= parts.size()) break;
  }
  return best;
}

}  // namespace

RealDoublesPlan::RealDoublesPlan(std::span<const double> values) : values_(values) {
  ChooseCut();
  FillDictionary();
}

void RealDoublesPlan::ChooseCut() {
  std::array<std::uint64_t, kProbeCount> probe;
  std::array<std::uint16_t, kProbeCount> parts;
  std::array<CountedPart, kProbeCount> counted;
  const std::size_t stride = (values_.size() + kProbeCount - 1) / kProbeCount;
  std::size_t count = 0;
  for (std::size_t i = 0; i < values_.size(); i += stride) probe[count++] = BitsOf(values_[i]);

  double smallest = 0;
  for (unsigned right = kRightWidthMin; right <= kRightWidthMax; ++right) {
    for (std::size_t i = 0; i < count; ++i) {
      parts[i] = static_cast<std::uint16_t>(probe[i] >> right);
    }
    const auto best = BestDictionary(CountParts(std::span(parts).first(count), counted), count);
    // The dictionary itself is paid once, not once a probe.
    const double bits =
        right + (static_cast<double>(best.second) - static_cast<double>(best.first) * 2) * 8 /
                    static_cast<double>(count);
    if (right == kRightWidthMin || bits < smallest) {
      smallest = bits;
      right_width_ = right;
    }
  }
}

void RealDoublesPlan::FillDictionary() {
  std::array<std::uint16_t, kPageSampleCountMax> parts;
  std::array<CountedPart, kPageSampleCountMax> counted;
  for (std::size_t i = 0; i < values_.size(); ++i) {
    parts[i] = static_cast<std::uint16_t>(BitsOf(values_[i]) >> right_width_);
  }
  const auto used = CountParts(std::span(parts).first(values_.size()), counted);
  const auto best = BestDictionary(used, values_.size());
  dictionary_size_ = best.first;
  for (std::size_t i = 0; i < std::min(dictionary_size_, used.size()); ++i) {
    dictionary_[i] = used[i].part;
  }
  size_ = 5 + best.second + PackedSize(values_.size(), right_width_);
}

void RealDoublesPlan::Put(std::string& out) const {
  PutHead(kRealDoubles, 0, out);
  out.push_back(static_cast<char>(right_width_));
  out.push_back(static_cast<char>(dictionary_size_));
  const auto dictionary = std::span(dictionary_).first(dictionary_size_);
  for (const std::uint16_t part : dictionary) PutLittleEndian16(out, part);

  Codes codes, rights;
  std::string exceptions;
  std::size_t exception_count = 0;
  for (std::size_t i = 0; i < values_.size(); ++i) {
    const std::uint64_t bits = BitsOf(values_[i]);
    rights[i] = bits & LowBits(right_width_);
    const auto part = static_cast<std::uint16_t>(bits >> right_width_);
    const auto found = std::ranges::find(dictionary, part);
    codes[i] = found == dictionary.end() ? 0 : static_cast<std::size_t>(found - dictionary.begin());
    if (found != dictionary.end()) continue;
    ++exception_count;
    PutLittleEndian16(exceptions, static_cast<std::uint16_t>(i));
    PutLittleEndian16(exceptions, part);
  }
  PutVarint(out, exception_count);
  out += exceptions;
  Pack(std::span(codes).first(values_.size()), WidthOf(dictionary_size_ - 1), out);
  Pack(std::span(rights).first(values_.size()), right_width_, out);
}

std::optional<DictionaryPlan> DictionaryPlan::Make(std::span<const double> values,
                                                   std::size_t size_max) {
  // Beyond that the distinct values alone are too large.
  const std::size_t distinct_max = std::min(values.size() / 2, size_max / 8);
  DictionaryPlan plan(values);
  // Open addressing: positions in `distinct_`, plus one.
  constexpr std::size_t kSlotCount = 2 * kPageSampleCountMax;
  std::array<std::uint16_t, kSlotCount> slots{};
  for (const double value : values) {
    const std::uint64_t bits = BitsOf(value);
    std::size_t slot = (bits * 0x9e3779b97f4a7c15) >> 53;
    while (slots[slot] != 0 && plan.distinct_[slots[slot] - 1u] != bits) {
      slot = (slot + 1) % kSlotCount;
    }
    if (slots[slot] != 0) continue;
    if (plan.distinct_count_ == distinct_max) return std::nullopt;
    plan.distinct_[plan.distinct_count_++] = bits;
    slots[slot] = static_cast<std::uint16_t>(plan.distinct_count_);
  }
  plan.size_ =
      3 + plan.distinct_count_ * 8 + PackedSize(values.size(), WidthOf(plan.distinct_count_ - 1));
  if (plan.size_ >= size_max) return std::nullopt;
  std::ranges::sort(std::span(plan.distinct_).first(plan.distinct_count_));
  return plan;
}

void DictionaryPlan::Put(std::string& out) const {
  PutHead(kDictionary, 0, out);
  PutVarint(out, distinct_count_);
  const auto distinct = std::span(distinct_).first(distinct_count_);
  for (const std::uint64_t bits : distinct) PutLittleEndian64(out, bits);
  Codes codes;
  for (std::size_t i = 0; i < values_.size(); ++i) {
    codes[i] = static_cast<std::size_t>(std::ranges::lower_bound(distinct, BitsOf(values_[i])) -
                                        distinct.begin());
  }
  Pack(std::span(codes).first(values_.size()), WidthOf(distinct_count_ - 1), out);
}

namespace {

// Corrections beyond that are no rounding errors of sums.
constexpr std::int64_t kCorrectionMax = std::int64_t{1} << 20;

struct CorrectedDecimal {
  std::int64_t decimal;
  std::int64_t correction;
};

std::optional<std::int64_t> NearestDecimal(double value, int exponent) {
  const double scaled = value * kPowersOfTen[static_cast<std::size_t>(exponent)];
  if (!(std::fabs(scaled) < static_cast<double>(kDecimalLimit - 1))) return std::nullopt;
  return static_cast<std::int64_t>(scaled + (scaled < 0 ? -0.5 : 0.5));
}

// How far `value` is from `decoded`, in doubles.
std::optional<std::int64_t> CorrectionOf(double value, double decoded) {
  const std::int64_t correction = ToOrderedBits(value) - ToOrderedBits(decoded);
  if (correction > kCorrectionMax || correction < -kCorrectionMax) return std::nullopt;
  return correction;
}

std::optional<CorrectedDecimal> Correct(double value, int exponent) {
  const auto decimal = NearestDecimal(value, exponent);
  if (!decimal) return std::nullopt;
  const auto correction = CorrectionOf(value, FromDecimal(*decimal, exponent));
  if (!correction) return std::nullopt;
  return CorrectedDecimal{*decimal, *correction};
}

// The exponent whose decimals and corrections have the fewest bits, by some pairs of neighbours,
// and these bits for each value.
struct CorrectedExponent {
  int exponent = 0;
  double bits = 64;
};

CorrectedExponent BestCorrectedExponent(std::span<const double> values) {
  constexpr std::size_t kPairCount = 12;
  CorrectedExponent best;
  const std::size_t stride = std::max<std::size_t>(2, values.size() / kPairCount);
  for (int exponent = 0; exponent <= kExponentMax; ++exponent) {
    std::size_t bits = 0, count = 0;
    bool fits = true;
    for (std::size_t i = 1; fits && i < values.size(); i += stride) {
      const auto before = Correct(values[i - 1], exponent);
      const auto here = Correct(values[i], exponent);
      fits = before && here;
      if (!fits) break;
      bits += WidthOf(ZigZag(here->decimal - before->decimal)) + WidthOf(ZigZag(here->correction));
      ++count;
    }
    const double mean = count == 0 ? 64 : static_cast<double>(bits) / static_cast<double>(count);
    if (fits && mean < best.bits) best = {exponent, mean};
  }
  return best;
}

}  // namespace

std::optional<CorrectedPlan> CorrectedPlan::Make(std::span<const double> values,
                                                 std::size_t size_max) {
  const CorrectedExponent best = BestCorrectedExponent(values);
  // Packing is often a little better than the mean width.
  if (best.bits * static_cast<double>(values.size()) > static_cast<double>(size_max) * 9) {
    return std::nullopt;
  }
  Integers decimals, corrections;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto decimal = NearestDecimal(values[i], best.exponent);
    if (!decimal) return std::nullopt;
    decimals[i] = *decimal;
  }
  // Corrections are to what readers compute: it must be the quotient here and elsewhere.
  std::array<double, kPageSampleCountMax> decoded;
  const auto used = std::span<const std::int64_t>(decimals).first(values.size());
  CurrentKernels().scale(used, kPowersOfTen[static_cast<std::size_t>(best.exponent)],
                         decoded.data());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double quotient = FromDecimal(decimals[i], best.exponent);
    const auto correction = CorrectionOf(values[i], quotient);
    if (!correction || BitsOf(quotient) != BitsOf(decoded[i])) return std::nullopt;
    corrections[i] = *correction;
  }
  return CorrectedPlan(best.exponent, used,
                       std::span<const std::int64_t>(corrections).first(values.size()));
}

void CorrectedPlan::Put(std::string& out) const {
  PutHead(kDecimalCorrected, exponent_, out);
  decimals_.Put(out);
  corrections_.Put(out);
}

IntColumnPlan PlanOrderedBits(std::span<const double> values) {
  Integers bits;
  for (std::size_t i = 0; i < values.size(); ++i) bits[i] = ToOrderedBits(values[i]);
  return IntColumnPlan(std::span<const std::int64_t>(bits).first(values.size()));
}

void PutOrderedBits(const IntColumnPlan& plan, std::string& out) {
  PutHead(kOrderedBits, 0, out);
  plan.Put(out);
}

}  // namespace narthex::chunk
