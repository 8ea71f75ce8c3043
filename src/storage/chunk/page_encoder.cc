// The writing side of pages: every kind that may be the smallest is planned, and one written.
#include <algorithm>
#include <bit>
#include <optional>

#include "base/bytes.h"
#include "base/check.h"
#include "chunk/page.h"
#include "decimal.h"
#include "decimal_page.h"
#include "double_page.h"
#include "int_column.h"
#include "page_head.h"

namespace narthex::chunk {
namespace {

std::size_t CountChanges(std::span<const double> values) {
  std::size_t count = 0;
  for (std::size_t i = 1; i < values.size(); ++i) {
    count += model::SameBits(values[i], values[i - 1]) ? 0 : 1;
  }
  return count;
}

void EncodeConstant(std::span<const double> values, std::string& out) {
  const double value = values.front();
  if (const auto integer = ToInteger(value)) {
    PutHead(kConstantInteger, 0, out);
    return PutSignedVarint(out, *integer);
  }
  for (int exponent = 1; exponent <= kExponentMax; ++exponent) {
    const auto decimal = ToDecimal(value, exponent);
    // Up to 13 digits the varint is smaller than eight bytes, and a byte pays for the column.
    if (!decimal || ZigZag(*decimal) >> 42 != 0) continue;
    PutHead(kDecimal, exponent, out);
    std::array<std::int64_t, kPageSampleCountMax> integers;
    std::fill_n(integers.begin(), values.size(), *decimal);
    return EncodeIntegers(std::span<const std::int64_t>(integers).first(values.size()), out);
  }
  PutHead(kConstantRaw, 0, out);
  PutLittleEndian64(out, std::bit_cast<std::uint64_t>(value));
}

void EncodeRaw(std::span<const double> values, std::string& out) {
  PutHead(kOrderedBits, kRawExponent, out);
  for (const double value : values) PutLittleEndian64(out, std::bit_cast<std::uint64_t>(value));
}

// The smallest of the pages offered, in `out`.
class SmallestPage {
 public:
  explicit SmallestPage(std::string& out) : out_(out), start_(out.size()) {}

  // Writes a page that is planned to have `size` bytes if that is less than what is there.
  template <typename Put>
  void Offer(std::size_t size, Put put) {
    if (size >= size_) return;
    out_.resize(start_);
    put(out_);
    size_ = out_.size() - start_;
  }

  std::size_t size() const { return size_; }

 private:
  std::string& out_;
  const std::size_t start_;
  std::size_t size_ = static_cast<std::size_t>(-1);
};

void OfferDecimals(std::span<const double> values, std::size_t change_count, SmallestPage& page) {
  Decimals decimals;
  if (!FindDecimals(values, change_count, decimals)) return;
  const IntColumnPlan plan(std::span<const std::int64_t>(decimals.integers).first(values.size()));
  page.Offer(DecimalHeadSize(decimals) + plan.size(), [&](std::string& out) {
    PutDecimalHead(values, decimals, out);
    plan.Put(out);
  });
}

void OfferDoubles(std::span<const double> values, SmallestPage& page) {
  const IntColumnPlan bits = PlanOrderedBits(values);
  page.Offer(1 + bits.size(), [&](std::string& out) { PutOrderedBits(bits, out); });
  const RealDoublesPlan real(values);
  page.Offer(real.size(), [&](std::string& out) { real.Put(out); });
  if (const auto corrected = CorrectedPlan::Make(values, page.size())) {
    page.Offer(corrected->size(), [&](std::string& out) { corrected->Put(out); });
  }
}

// Bits a value above which a page may be smaller as one of doubles. Source: the trial of the codec
constexpr std::size_t kDecimalBitsGood = 28;

}  // namespace

void EncodeValues(std::span<const double> values, std::string& out) {
  NARTHEX_CHECK(!values.empty() && values.size() <= kPageSampleCountMax,
                "pages have 1 to 1024 samples");
  const std::size_t change_count = CountChanges(values);
  if (change_count == 0) return EncodeConstant(values, out);

  SmallestPage page(out);
  OfferDecimals(values, change_count, page);
  if (page.size() / values.size() * 8 >= kDecimalBitsGood) OfferDoubles(values, page);
  // Distinct values cost eight bytes each: not worth the search in a page that is small already.
  if (page.size() > values.size() / 2 + 40) {
    if (const auto dictionary = DictionaryPlan::Make(values, page.size())) {
      page.Offer(dictionary->size(), [&](std::string& bytes) { dictionary->Put(bytes); });
    }
  }
  page.Offer(1 + values.size() * 8, [&](std::string& bytes) { EncodeRaw(values, bytes); });
}

bool EncodeDifference(std::span<const double> values, std::span<const double> parent,
                      std::size_t size_max, std::string& out) {
  NARTHEX_CHECK(
      !values.empty() && values.size() <= kPageSampleCountMax && values.size() == parent.size(),
      "a page and its parent have as many samples, 1 to 1024");
  std::array<std::int64_t, kPageSampleCountMax> differences;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto value = ToInteger(values[i]);
    const auto base = ToInteger(parent[i]);
    if (!value || !base) return false;
    differences[i] = *value - *base;
    if (differences[i] >= kDecimalLimit || differences[i] <= -kDecimalLimit) return false;
  }
  const IntColumnPlan plan(std::span<const std::int64_t>(differences).first(values.size()));
  const std::size_t start = out.size();
  PutHead(kParent, 0, out);
  plan.Put(out);
  if (out.size() - start < size_max) return true;
  out.resize(start);
  return false;
}

void EncodeTimes(std::span<const model::TimestampMs> times, std::string& out) {
  NARTHEX_CHECK(!times.empty() && times.size() <= kPageSampleCountMax,
                "time columns have 1 to 1024 timestamps");
  EncodeIntegers(times, out);
}

}  // namespace narthex::chunk
