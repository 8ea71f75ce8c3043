#include "time_column.h"

#include <algorithm>

#include "base/check.h"

namespace narthex::head {
namespace {

// Start of the aligned range that `time` is in; also below zero.
model::TimestampMs AlignDown(model::TimestampMs time, model::TimestampMs range) {
  const model::TimestampMs rest = time % range;
  return time - (rest < 0 ? rest + range : rest);
}

}  // namespace

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
  ForgetBatches(settled);
  return Add(time, batch);
}

void TimeColumn::ForgetBatches(std::uint64_t settled) {
  const auto unsettled = std::ranges::find_if(batches_, [&](auto b) { return b > settled; });
  batches_.erase(batches_.begin(), unsettled);
}

std::uint32_t TimeColumn::Add(model::TimestampMs time, std::uint64_t batch) {
  batches_.push_back(batch);
  // Steps of an eighth: doubling would leave half of the memory unused.
  if (times_.size() == times_.capacity()) times_.reserve(times_.size() + times_.size() / 8 + 4);
  times_.push_back(time);
  const auto ordinal = first_ + static_cast<std::uint32_t>(times_.size()) - 1;
  MarkUse(ordinal);
  return ordinal;
}

std::optional<std::uint32_t> TimeColumn::Place(std::span<const model::TimestampMs> times,
                                               std::uint64_t batch, std::uint64_t settled) {
  MutexLock lock(mutex_);
  const auto known = std::ranges::lower_bound(times_, times.front());
  const auto known_count = static_cast<std::size_t>(times_.end() - known);
  if (known_count > times.size() ||
      !std::ranges::equal(known, times_.end(), times.begin(),
                          times.begin() + static_cast<std::ptrdiff_t>(known_count))) {
    return std::nullopt;
  }
  const auto first = first_ + static_cast<std::uint32_t>(known - times_.begin());
  MarkUse(first);
  ForgetBatches(settled);
  for (const model::TimestampMs time : times.subspan(known_count)) Add(time, batch);
  return first;
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

std::uint32_t TimeColumn::BlockEnd(std::uint32_t begin, std::uint32_t end) const {
  if (block_range_ms_ == 0) return end;
  MutexLock lock(mutex_);
  const auto times = std::span(times_).subspan(begin - first_, end - begin);
  const model::TimestampMs from = AlignDown(times.front(), block_range_ms_);
  if (times.back() - from < block_range_ms_) return end;
  const auto beyond = std::ranges::lower_bound(times, from + block_range_ms_);
  return begin + static_cast<std::uint32_t>(beyond - times.begin());
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
