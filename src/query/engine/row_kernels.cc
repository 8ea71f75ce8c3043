#include "row_kernels.h"

#include <algorithm>
#include <cmath>

#include "float_sum.h"
#include "model/sample.h"

namespace narthex::engine {
namespace {

// Long enough that looking for what is rare costs nothing, short enough to look closer where it is.
constexpr std::size_t kBlockLength = 256;

// Each loop is compiled twice: for any processor, and for those that do four values at a time. The
// operations are the same ones, and so are the results. Loops do not leave early, or they would be
// done value by value.
#define NARTHEX_LOOP __attribute__((always_inline)) inline

NARTHEX_LOOP bool HasNanIn(const double* values, std::size_t count) {
  unsigned found = 0;
  for (std::size_t i = 0; i < count; ++i) found |= values[i] != values[i] ? 1u : 0u;
  return found != 0;
}

// The value in front of `values` is the first one's predecessor.
NARTHEX_LOOP bool HasFallIn(const double* values, std::size_t count) {
  const double* const before = values - 1;
  unsigned found = 0;
  for (std::size_t i = 0; i < count; ++i) found |= values[i] < before[i] ? 1u : 0u;
  return found != 0;
}

NARTHEX_LOOP void Add(std::span<const double> terms, double* __restrict sums,
                      double* __restrict compensations) {
  for (std::size_t i = 0; i < terms.size(); ++i) {
    const double sum = sums[i];
    const double term = terms[i];
    const double total = sum + term;
    const bool is_sum_larger = std::fabs(sum) >= std::fabs(term);
    const double larger = is_sum_larger ? sum : term;
    const double smaller = is_sum_larger ? term : sum;
    const double compensation = compensations[i] + ((larger - total) + smaller);
    compensations[i] = std::fabs(total) == kInfinity ? 0 : compensation;
    sums[i] = total;
  }
}

NARTHEX_LOOP bool MultiplyAll(const Changes& columns, double* __restrict products) {
  unsigned found = 0;
  for (std::size_t i = 0; i < columns.change.size(); ++i) {
    const double change = columns.change[i];
    const double first_value = columns.first_value[i];
    const double to_zero = columns.sampled[i] * (first_value / change);
    const unsigned is_rising = change > 0 ? 1u : 0u;
    const unsigned is_positive = first_value >= 0 ? 1u : 0u;
    const unsigned is_near = to_zero < columns.to_start[i] ? 1u : 0u;
    found |= is_rising & is_positive & is_near;
    products[i] = change * columns.factor[i];
  }
  return found != 0;
}

struct Loops {
  bool (*has_nan)(const double* values, std::size_t count);
  bool (*has_fall)(const double* values, std::size_t count);
  void (*add)(std::span<const double> terms, double* sums, double* compensations);
  bool (*multiply)(const Changes& columns, double* products);
};

constexpr Loops kPortable = {
    [](const double* values, std::size_t count) { return HasNanIn(values, count); },
    [](const double* values, std::size_t count) { return HasFallIn(values, count); },
    [](std::span<const double> terms, double* sums, double* compensations) {
      Add(terms, sums, compensations);
    },
    [](const Changes& columns, double* products) { return MultiplyAll(columns, products); }};

#if defined(__x86_64__)
#define NARTHEX_AVX2 __attribute__((target("avx2")))

NARTHEX_AVX2 bool HasNanAvx2(const double* values, std::size_t count) {
  return HasNanIn(values, count);
}
NARTHEX_AVX2 bool HasFallAvx2(const double* values, std::size_t count) {
  return HasFallIn(values, count);
}
NARTHEX_AVX2 void AddAvx2(std::span<const double> terms, double* sums, double* compensations) {
  Add(terms, sums, compensations);
}
NARTHEX_AVX2 bool MultiplyAvx2(const Changes& columns, double* products) {
  return MultiplyAll(columns, products);
}

constexpr Loops kAvx2 = {HasNanAvx2, HasFallAvx2, AddAvx2, MultiplyAvx2};

const Loops& Current() {
  static const Loops& current = __builtin_cpu_supports("avx2") ? kAvx2 : kPortable;
  return current;
}
#else
const Loops& Current() { return kPortable; }
#endif

}  // namespace

bool HasStale(std::span<const double> values) {
  while (!values.empty()) {
    const auto block = values.first(std::min(kBlockLength, values.size()));
    if (Current().has_nan(block.data(), block.size()) &&
        std::ranges::any_of(block, model::IsStaleNan)) {
      return true;
    }
    values = values.subspan(block.size());
  }
  return false;
}

void AppendFalls(std::span<const double> values, std::vector<std::uint32_t>& positions) {
  for (std::size_t begin = 1; begin < values.size(); begin += kBlockLength) {
    const std::size_t count = std::min(kBlockLength, values.size() - begin);
    if (!Current().has_fall(values.data() + begin, count)) continue;
    for (std::size_t i = begin; i < begin + count; ++i) {
      if (values[i] < values[i - 1]) positions.push_back(static_cast<std::uint32_t>(i));
    }
  }
}

void AddCompensated(std::span<const double> terms, double* sums, double* compensations) {
  Current().add(terms, sums, compensations);
}

bool Multiply(const Changes& columns, std::span<double> products) {
  return Current().multiply(columns, products.data());
}

}  // namespace narthex::engine
