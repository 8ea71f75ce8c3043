#include "time_column.h"

#include <algorithm>

#include "base/check.h"

namespace narthex::head {

model::TimestampMs TimeColumn::newest() const {
  MutexLock lock(mutex_);
  return times_.empty() ? std::numeric_limits<model::TimestampMs>::min() : times_.back();
}

std::uint32_t TimeColumn::Append(model::TimestampMs time, std::uint64_t batch,
                                 std::uint64_t settled) {
  MutexLock lock(mutex_);
  NARTHEX_DCHECK(times_.empty() || time >= times_.back(), "columns ascend");
  if (!times_.empty() && time == times_.back()) {
    return first_ + static_cast<std::uint32_t>(times_.size()) - 1;
  }
  const auto unsettled = std::ranges::find_if(batches_, [&](auto b) { return b > settled; });
  batches_.erase(batches_.begin(), unsettled);
  batches_.push_back(batch);
  // Steps of an eighth: doubling would leave half of the memory unused.
  if (times_.size() == times_.capacity()) times_.reserve(times_.size() + times_.size() / 8 + 4);
  times_.push_back(time);
  const auto ordinal = first_ + static_cast<std::uint32_t>(times_.size()) - 1;
  MarkUse(ordinal);
  return ordinal;
}

TimeWindow TimeColumn::Window(model::TimeRange range, std::uint64_t batch) const {
  MutexLock lock(mutex_);
  const auto unseen = std::ranges::upper_bound(batches_, batch);
  const auto seen_end = times_.end() - (batches_.end() - unseen);
  const auto begin = std::lower_bound(times_.begin(), seen_end, range.from);
  const auto end = std::upper_bound(begin, seen_end, range.until);
  return {first_ + static_cast<std::uint32_t>(begin - times_.begin()), {begin, end}};
}

bool TimeColumn::IsSeen(std::uint32_t ordinal, std::uint64_t batch) const {
  MutexLock lock(mutex_);
  const auto unseen_count =
      static_cast<std::size_t>(batches_.end() - std::ranges::upper_bound(batches_, batch));
  return ordinal >= first_ && ordinal - first_ < times_.size() - unseen_count;
}

std::optional<model::TimestampMs> TimeColumn::TimeAt(std::uint32_t ordinal) const {
  MutexLock lock(mutex_);
  if (ordinal < first_ || ordinal - first_ >= times_.size()) return std::nullopt;
  return times_[ordinal - first_];
}

std::optional<model::TimestampMs> TimeColumn::FirstTime(std::uint32_t ordinal,
                                                        model::TimestampMs from) const {
  MutexLock lock(mutex_);
  const std::size_t skipped =
      std::min<std::size_t>(ordinal - std::min(ordinal, first_), times_.size());
  const auto found =
      std::lower_bound(times_.begin() + static_cast<std::ptrdiff_t>(skipped), times_.end(), from);
  if (found == times_.end()) return std::nullopt;
  return *found;
}

std::size_t TimeColumn::size() const {
  MutexLock lock(mutex_);
  return times_.size();
}

void TimeColumn::DropBefore(std::uint32_t ordinal) {
  MutexLock lock(mutex_);
  if (ordinal <= first_) return;
  const std::size_t count = std::min<std::size_t>(ordinal - first_, times_.size());
  times_.erase(times_.begin(), times_.begin() + static_cast<std::ptrdiff_t>(count));
  times_.shrink_to_fit();
  first_ += static_cast<std::uint32_t>(count);
  if (batches_.size() > times_.size()) {
    batches_.erase(batches_.begin(), batches_.end() - static_cast<std::ptrdiff_t>(times_.size()));
  }
}

bool TimeColumn::Restore(std::uint32_t first, const std::vector<model::TimestampMs>& times) {
  MutexLock lock(mutex_);
  if (times_.empty()) {
    first_ = first;
  } else if (first != first_ + times_.size() || times.empty() || times.front() < times_.back()) {
    return false;
  }
  times_.insert(times_.end(), times.begin(), times.end());
  return true;
}

}  // namespace narthex::head
