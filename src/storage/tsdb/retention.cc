// Deleting the oldest blocks.
#include <algorithm>

#include "base/log.h"
#include "upkeep.h"

namespace narthex::tsdb {

std::uint64_t Upkeep::SizeLimit(const Retention& retention) const {
  if (retention.percentage <= 0) return retention.size_bytes;
  const auto total = files_.TotalBytes(store_.directory());
  // That there is a size was checked when the store was opened; a disk that fails now deletes
  // nothing.
  if (!total.ok()) return 0;
  return static_cast<std::uint64_t>(static_cast<double>(*total) * retention.percentage / 100);
}

Status Upkeep::ApplyRetention() {
  const Retention limits = retention();
  const std::uint64_t size_limit = SizeLimit(limits);
  Blocks all = *store_.blocks();
  std::ranges::sort(all, {}, [](const auto& one) { return one->meta().max_time; });
  std::uint64_t size_bytes = head_.stats().wal.size_bytes;
  for (const auto& one : all) size_bytes += one->size_bytes();
  Status status = Ok();
  for (const auto& one : all) {
    // Against the newest block and not the clock: a server that was off for a month keeps its past.
    const bool is_old = limits.time.count() > 0 &&
                        all.back()->meta().max_time - one->meta().max_time >= limits.time.count();
    const bool is_too_much = size_limit > 0 && size_bytes > size_limit;
    if (!is_old && !is_too_much) break;
    size_bytes -= one->size_bytes();
    Keep(status, store_.Remove(one));
    TsdbCounters::Add(is_old ? counters_.time_retentions : counters_.size_retentions);
  }
  return status;
}

}  // namespace narthex::tsdb
