// Whether a series was sampled when the one before was.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "model/sample.h"

namespace narthex::engine {

// The times that something was computed of last. Memory: a copy of them.
class KnownTimes {
 public:
  // Whether `timestamps` are those of the last call; they are from now on. Equal ids, other than 0,
  // stand for equal times; where there is none, times are compared, which costs far less than what
  // is computed of them.
  bool IsSame(std::span<const model::TimestampMs> timestamps, std::uint64_t time_column_id) {
    if (time_column_id != 0 && time_column_id == id_) return true;
    const bool is_same = has_times_ && std::ranges::equal(timestamps, times_);
    id_ = time_column_id;
    has_times_ = true;
    if (!is_same) times_.assign(timestamps.begin(), timestamps.end());
    return is_same;
  }

 private:
  std::uint64_t id_ = 0;
  bool has_times_ = false;
  std::vector<model::TimestampMs> times_;
};

}  // namespace narthex::engine
