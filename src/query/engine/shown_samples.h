// Which sample an instant selector shows at each step.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "known_times.h"
#include "plan.h"
#include "steps.h"

namespace narthex::engine {

// The newest sample within the lookback at each step, for all series that have the same times.
class ShownSamples {
 public:
  ShownSamples(const StepGrid& grid, const ReferenceTime& reference, std::int64_t lookback_ms)
      : grid_(grid), reference_(reference), lookback_ms_(lookback_ms) {}

  // For series sampled at `timestamps`; equal ids, other than 0, stand for equal times.
  void Use(std::span<const model::TimestampMs> timestamps, std::uint64_t time_column_id);

  // Steps that show a sample, if it is no staleness marker.
  const Presence& presence() const { return presence_; }
  // Of the sample, by step; any sample where none is shown.
  std::span<const std::uint32_t> indices() const { return indices_; }

  // Fills `row`, which is reset, with the values shown. How many they are.
  std::size_t Show(std::span<const double> values, Row& row) const;

 private:
  const StepGrid grid_;
  const ReferenceTime reference_;
  const std::int64_t lookback_ms_;
  KnownTimes times_;
  std::vector<std::uint32_t> indices_;
  Presence presence_;
  std::size_t shown_count_ = 0;
};

}  // namespace narthex::engine
