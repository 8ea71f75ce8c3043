#include "int_column.h"

#include <algorithm>
#include <bit>
#include <numeric>

#include "base/check.h"
#include "decimal.h"

namespace narthex::chunk {
namespace {

// Wrapping, as readers do it.
std::int64_t Difference(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}

std::uint64_t Magnitude(std::int64_t x) {
  const auto bits = static_cast<std::uint64_t>(x);
  return x < 0 ? 0 - bits : bits;
}

// The greatest common divisor of all steps; 1 if all are 0.
std::uint64_t CommonDivisor(std::span<const std::int64_t> steps) {
  std::uint64_t divisor = 0;
  for (const std::int64_t step : steps) {
    if (step == 0) continue;
    const std::uint64_t magnitude = Magnitude(step);
    if (divisor != 0 && magnitude % divisor == 0) continue;
    divisor = std::gcd(divisor, magnitude);
    if (divisor == 1) return 1;
  }
  // Readers multiply in signed integers.
  return divisor == 0 || divisor > static_cast<std::uint64_t>(INT64_MAX) ? 1 : divisor;
}

std::size_t VarintSize(std::uint64_t value) {
  return static_cast<std::size_t>(std::bit_width(value | 1) + 6) / 7;
}

// What tells at little cost whether a transform is worth a plan.
struct Outlook {
  std::uint64_t step_width_sum = 0;
  std::uint64_t bend_width_sum = 0;
  std::size_t step_count = 0;    // not 0
  std::size_t offset_count = 0;  // not 0
  unsigned offset_width = 0;     // of the range of offsets
};

Outlook LookAt(std::span<const std::int64_t> steps, std::span<const std::int64_t> offsets,
               std::span<const std::int64_t> bends) {
  Outlook outlook;
  std::int64_t smallest = 0, largest = 0;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    outlook.step_width_sum += static_cast<unsigned>(std::bit_width(ZigZag(steps[i])));
    outlook.step_count += steps[i] != 0 ? 1 : 0;
    outlook.offset_count += offsets[i] != 0 ? 1 : 0;
    smallest = std::min(smallest, offsets[i]);
    largest = std::max(largest, offsets[i]);
  }
  for (const std::int64_t bend : bends) {
    outlook.bend_width_sum += static_cast<unsigned>(std::bit_width(ZigZag(bend)));
  }
  outlook.offset_width = static_cast<unsigned>(
      std::bit_width(static_cast<std::uint64_t>(Difference(largest, smallest))));
  return outlook;
}

}  // namespace

IntColumnPlan::IntColumnPlan(std::span<const std::int64_t> integers)
    : step_count_(integers.size() - 1), first_(integers[0]) {
  NARTHEX_CHECK(integers.size() <= kPageSampleCountMax, "columns have 1 to 1024 integers");
  for (std::size_t i = 0; i < step_count_; ++i) {
    steps_[i] = Difference(integers[i + 1], integers[i]);
  }
  divisor_ = CommonDivisor(std::span(steps_).first(step_count_));
  if (divisor_ > 1) {
    const auto divisor = static_cast<std::int64_t>(divisor_);
    for (std::size_t i = 0; i < step_count_; ++i) steps_[i] /= divisor;
  }

  residual_plan_ = PlanResiduals(ResidualsOf(kDelta));
  size_ = residual_plan_.size;
  if (residual_plan_.kind != kZero) {
    std::uint64_t offset = 0;
    for (std::size_t i = 0; i < step_count_; ++i) {
      offsets_[i] = static_cast<std::int64_t>(offset += static_cast<std::uint64_t>(steps_[i]));
    }
    for (std::size_t i = 1; i < step_count_; ++i)
      bends_[i - 1] = Difference(steps_[i], steps_[i - 1]);
    const Outlook outlook = LookAt(ResidualsOf(kDelta), ResidualsOf(kPlain), ResidualsOf(kDelta2));
    // Steps twice as wide as the spread of the values, or spikes, each of which is two steps.
    if (outlook.offset_width * step_count_ < outlook.step_width_sum + 2 * step_count_ ||
        outlook.offset_count < outlook.step_count) {
      Consider(kPlain);
    }
    if (step_count_ > 1 && outlook.bend_width_sum < outlook.step_width_sum) Consider(kDelta2);
  }
  size_ += 1 + VarintSize(ZigZag(first_)) + (divisor_ > 1 ? VarintSize(divisor_) : 0);
}

std::span<const std::int64_t> IntColumnPlan::ResidualsOf(Transform transform) const {
  if (transform == kDelta) return std::span(steps_).first(step_count_);
  if (transform == kPlain) return std::span(offsets_).first(step_count_);
  return std::span(bends_).first(step_count_ - 1);
}

void IntColumnPlan::Consider(Transform transform) {
  const ResidualPlan plan = PlanResiduals(ResidualsOf(transform));
  std::size_t size = plan.size;
  if (transform == kDelta2) {
    // Two sums take longer to read than one: only for a gain that shows.
    size += VarintSize(ZigZag(steps_[0])) + size / 32;
  }
  if (size >= size_) return;
  transform_ = transform;
  residual_plan_ = plan;
  size_ = size;
}

void IntColumnPlan::Put(std::string& out) const {
  const bool is_unsigned = residual_plan_.is_unsigned && residual_plan_.kind != kZero;
  out.push_back(static_cast<char>(transform_ | residual_plan_.kind << 2 |
                                  (divisor_ > 1 ? kDivisorBit : 0) |
                                  (is_unsigned ? kUnsignedBit : 0)));
  PutSignedVarint(out, first_);
  if (divisor_ > 1) PutVarint(out, divisor_);
  if (transform_ == kDelta2) PutSignedVarint(out, steps_[0]);
  PutResiduals(ResidualsOf(transform_), residual_plan_, out);
}

std::optional<std::size_t> PayloadOffset(std::string_view column) {
  ByteReader reader(column);
  const auto head = reader.ReadByte();
  if (!head || (*head & kSharedBit) != 0 || !reader.ReadSignedVarint()) return std::nullopt;
  if ((*head & kDivisorBit) != 0 && !reader.ReadVarint()) return std::nullopt;
  return reader.offset();
}

bool IsConstantColumn(std::string_view column) {
  return !column.empty() && (column.front() & 31) == (kDelta | kZero << 2);
}

}  // namespace narthex::chunk
