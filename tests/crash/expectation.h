// What a store must hold after a loss of power.
#pragma once

#include <map>

#include "schedule.h"

namespace narthex::crash {

using RowsByTime = std::map<TimestampMs, Rows>;

// Row by row and not in numbers: a late sample may be there although the step that brought it is
// lost, and comes once more when the step is taken again.
class Expectation {
 public:
  // The steps behind `after`, up to `until`, were taken and synced.
  void AddSteps(TimestampMs after, TimestampMs until) {
    for (TimestampMs time = after + kStep; time <= until; time += kStep) {
      rows_by_time_[time] |= RowsInOrder(time);
      const TimestampMs late = time - kLateDelay;
      if (IsLate(late)) rows_by_time_[late] |= RowOf(kLateSeries);
    }
  }
  // What has been read back has to stay; what was missing then is lost for good.
  void Replace(RowsByTime found) { rows_by_time_ = std::move(found); }

  const RowsByTime& rows_by_time() const { return rows_by_time_; }

 private:
  RowsByTime rows_by_time_;
};

}  // namespace narthex::crash
