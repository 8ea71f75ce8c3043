#include "decimal_page.h"

#include <algorithm>
#include <bit>

#include "base/bytes.h"
#include "decimal.h"
#include "kernels.h"
#include "model/sample.h"
#include "page_head.h"

namespace narthex::chunk {
namespace {

// Values looked at to choose an exponent.
constexpr std::size_t kProbeCount = 16;
constexpr double kBitsPerDigit = 3.32;
// Position and bits.
constexpr double kExceptionSize = 10;

// The smallest exponent from `exponent` on; kExponentMax + 1 if there is none.
int SmallestExponent(double value, int exponent) {
  // NaN, infinities and what is too large have none, nor has -0.
  if (!(std::fabs(value) < static_cast<double>(kDecimalLimit))) return kExponentMax + 1;
  while (exponent <= kExponentMax && !ToDecimal(value, exponent)) ++exponent;
  return exponent;
}

// Exponents of some of the values, the others being taken for alike.
struct Probe {
  std::array<std::size_t, kExponentMax + 2> counts{};
  std::size_t count = 0;

  void Add(double value, int from) {
    ++counts[static_cast<std::size_t>(SmallestExponent(value, from))];
    ++count;
  }

  // The exponent with the smallest page: a larger one costs bits at each change, a smaller one
  // exceptions. The probe stands for `value_count` values.
  int Best(std::size_t value_count, std::size_t change_count) const {
    const double weight = static_cast<double>(value_count) / static_cast<double>(count);
    int best = 0;
    double best_cost = 0;
    std::size_t exception_count = count;
    for (int exponent = 0; exponent <= kExponentMax; ++exponent) {
      exception_count -= counts[static_cast<std::size_t>(exponent)];
      const double cost = static_cast<double>(exception_count) * weight * kExceptionSize +
                          kBitsPerDigit / 8 * exponent * static_cast<double>(change_count);
      if (exponent == 0 || cost < best_cost) {
        best = exponent;
        best_cost = cost;
      }
    }
    return best;
  }
};

template <typename ToInt>
std::size_t ConvertWith(std::span<const double> values, Decimals& decimals, ToInt to_integer) {
  std::int64_t before = 0;
  std::size_t exception_count = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (const auto integer = to_integer(values[i])) {
      before = *integer;
    } else {
      decimals.exceptions[exception_count++] = static_cast<std::uint16_t>(i);
    }
    decimals.integers[i] = before;
  }
  return exception_count;
}

void Convert(std::span<const double> values, int exponent, Decimals& decimals) {
  decimals.exponent = exponent;
  decimals.exception_count =
      exponent == 0 ? ConvertWith(values, decimals, ToInteger)
                    : ConvertWith(values, decimals,
                                  [exponent](double value) { return ToDecimal(value, exponent); });
  if (decimals.exception_count == 0 || decimals.exceptions[0] != 0) return;
  // Exceptions at the beginning have none before; the first integer behind them does as well.
  std::size_t first = 1;
  while (first < decimals.exception_count && decimals.exceptions[first] == first) ++first;
  if (first == values.size()) return;
  std::fill_n(decimals.integers.begin(), first, decimals.integers[first]);
}

// Exceptions are what the readers of this machine do not give back: what is no decimal, and what
// their arithmetic rounds otherwise than a division does, should that be.
void FindExceptions(std::span<const double> values, Decimals& decimals) {
  std::array<double, kPageSampleCountMax> decoded;
  CurrentKernels().scale(std::span(decimals.integers).first(values.size()),
                         kPowersOfTen[static_cast<std::size_t>(decimals.exponent)], decoded.data());
  decimals.exception_count = 0;
  decimals.is_stale_only = true;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (model::SameBits(values[i], decoded[i])) continue;
    decimals.exceptions[decimals.exception_count++] = static_cast<std::uint16_t>(i);
    decimals.is_stale_only = decimals.is_stale_only && model::IsStaleNan(values[i]);
  }
}

}  // namespace

bool FindDecimals(std::span<const double> values, std::size_t change_count, Decimals& decimals) {
  Probe probe;
  const std::size_t stride = (values.size() + kProbeCount - 1) / kProbeCount;
  for (std::size_t i = stride / 2; i < values.size(); i += stride) probe.Add(values[i], 0);
  // Most are true doubles: not worth a look at all.
  if (probe.counts[kExponentMax + 1] * 2 > probe.count) return false;

  Convert(values, probe.Best(values.size(), change_count), decimals);
  if (decimals.exception_count * 16 > values.size()) {
    // The probe has missed what asks for a larger exponent.
    Probe missed;
    const std::size_t missed_stride = (decimals.exception_count + kProbeCount - 1) / kProbeCount;
    for (std::size_t i = 0; i < decimals.exception_count; i += missed_stride) {
      missed.Add(values[decimals.exceptions[i]], decimals.exponent);
    }
    const int exponent = missed.Best(decimals.exception_count, change_count);
    if (exponent > decimals.exponent) Convert(values, exponent, decimals);
  }
  // Above this share other kinds of pages are smaller.
  if (decimals.exception_count > values.size() * 3 / 8) return false;
  FindExceptions(values, decimals);
  return decimals.exception_count <= values.size() * 3 / 8;
}

std::size_t DecimalHeadSize(const Decimals& decimals) {
  if (decimals.exception_count == 0) return 1;
  const std::size_t count_size = decimals.exception_count < 64 ? 1 : 2;
  return 1 + count_size + decimals.exception_count * (decimals.is_stale_only ? 2 : 10);
}

void PutDecimalHead(std::span<const double> values, const Decimals& decimals, std::string& out) {
  if (decimals.exception_count == 0) return PutHead(kDecimal, decimals.exponent, out);
  PutHead(kDecimalExceptions, decimals.exponent, out);
  PutVarint(out, decimals.exception_count << 1 | (decimals.is_stale_only ? 1 : 0));
  const auto exceptions = std::span(decimals.exceptions).first(decimals.exception_count);
  for (const std::uint16_t at : exceptions) PutLittleEndian16(out, at);
  if (decimals.is_stale_only) return;
  for (const std::uint16_t at : exceptions) {
    PutLittleEndian64(out, std::bit_cast<std::uint64_t>(values[at]));
  }
}

}  // namespace narthex::chunk
