#include "shared_times.h"

#include <algorithm>

namespace narthex::head {

// Most senders give each series of a target the same times.
bool SharedTimes::AreTheSameInEachRow(std::span<const model::TimestampMs> times,
                                      std::span<const std::uint64_t> refs) {
  std::size_t length = 1;
  while (length < refs.size() && refs[length] == refs.front()) ++length;
  if (times.size() % length != 0) return false;
  const auto row = times.first(length);
  for (std::size_t at = length; at < times.size(); at += length) {
    if (!std::ranges::equal(row, times.subspan(at, length))) return false;
  }
  times_.assign(row.begin(), row.end());
  return true;
}

void SharedTimes::Find(std::span<const model::TimestampMs> times,
                       std::span<const std::uint64_t> refs) {
  times_.clear();
  offsets_.clear();
  if (times.empty() || AreTheSameInEachRow(times, refs)) return;

  times_.assign(times.begin(), times.end());
  if (!std::ranges::is_sorted(times_)) std::ranges::sort(times_);
  times_.erase(std::unique(times_.begin(), times_.end()), times_.end());
  distinct_refs_.assign(refs.begin(), refs.end());
  std::ranges::sort(distinct_refs_);
  const auto repeats = std::ranges::unique(distinct_refs_);
  const std::size_t series_count = refs.size() - repeats.size();
  // Each gap takes a bit of a page, and a place of the thousand that a page spans at most.
  if (times_.size() * series_count > 2 * times.size()) {
    times_.clear();
    return;
  }
  offsets_.reserve(times.size());
  std::size_t next = 0;
  for (const model::TimestampMs time : times) {
    if (next >= times_.size() || times_[next] != time) {
      next = static_cast<std::size_t>(std::ranges::lower_bound(times_, time) - times_.begin());
    }
    offsets_.push_back(static_cast<std::uint32_t>(next));
    // The next sample is of the same time or of the one behind it.
    if (offsets_.size() < times.size() && times[offsets_.size()] != time) ++next;
  }
}

}  // namespace narthex::head
