// A sample: the value of a series at an instant; and the marker of a series that ended.
#pragma once

#include <bit>
#include <cstdint>
#include <limits>

#include "base/clock.h"

namespace narthex::model {

using narthex::TimestampMs;

struct Sample {
  TimestampMs timestamp;
  double value;
};

// The NaN that says "this series ended here"; told from every other NaN by its bits.
// Source: Prometheus, model/value.
constexpr std::uint64_t kStaleNanBits = 0x7ff0000000000002;
// The NaN that arithmetic and parsers yield.
constexpr std::uint64_t kNormalNanBits = 0x7ff8000000000001;

inline double StaleNan() { return std::bit_cast<double>(kStaleNanBits); }
inline bool IsStaleNan(double value) {
  return std::bit_cast<std::uint64_t>(value) == kStaleNanBits;
}
// Equal to the last bit: NaN equals itself, 0 differs from -0.
inline bool SameBits(double a, double b) {
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

// Both ends belong to the range; empty when from > until.
struct TimeRange {
  TimestampMs from = std::numeric_limits<TimestampMs>::min();
  TimestampMs until = std::numeric_limits<TimestampMs>::max();

  bool empty() const { return from > until; }
  bool Contains(TimestampMs timestamp) const { return timestamp >= from && timestamp <= until; }
  bool Overlaps(TimeRange other) const { return from <= other.until && other.from <= until; }
};

}  // namespace narthex::model
