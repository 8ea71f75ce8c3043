#include "live_query.h"

#include <algorithm>

namespace narthex::dashapi {
namespace {

// Down to a multiple of `period`, plus `phase`; both may be of any sign of time.
TimestampMs Floor(TimestampMs at, milliseconds period, milliseconds phase) {
  const std::int64_t shifted = at - phase.count();
  const std::int64_t rest = ((shifted % period.count()) + period.count()) % period.count();
  return at - rest;
}

}  // namespace

TimestampMs NextLiveTime(const LiveQuery& query, TimestampMs now) {
  const milliseconds period = std::max(query.step, kLivePeriodMin);
  return Floor(now - kLiveDelay.count(), period, query.phase) + period.count() + kLiveDelay.count();
}

TimestampMs LastLiveTime(const LiveQuery& query, TimestampMs now) {
  return Floor(now - kLiveDelay.count(), query.step, query.phase);
}

LiveSpan LiveSpanAt(const LiveQuery& query, TimestampMs now, TimestampMs told) {
  if (!query.is_range) return {now, now, false};
  const TimestampMs to = LastLiveTime(query, now);
  const TimestampMs earliest = to - kLiveStepCountMax * query.step.count();
  if (told < earliest) return {earliest, to, true};
  return {std::min(told, to), to, false};
}

}  // namespace narthex::dashapi
