// Samples that came late: what a store needs to move them to blocks.
#include <algorithm>

#include "counters.h"
#include "head/head.h"
#include "querier.h"
#include "series_table.h"

namespace narthex::head {

model::TimeRange Head::late_range() const {
  MutexLock lock(append_mutex_);
  return late_range_.empty() ? model::TimeRange{0, -1} : late_range_;
}

std::uint64_t Head::late_mark() const { return committed_batch_.load(std::memory_order_acquire); }

void Head::ForgetLate(model::TimeRange range, std::uint64_t mark) {
  // Histograms may be large: freed without a lock.
  std::vector<LateSample> forgotten;
  MutexLock lock(append_mutex_);
  late_range_ = kNoTimes;
  for (auto ref = late_series_.begin(); ref != late_series_.end();) {
    Series* series = nullptr;
    {
      ReaderLock index_lock(index_mutex_);
      series = table_->Find(*ref);
    }
    if (series == nullptr) {
      ref = late_series_.erase(ref);
      continue;
    }
    MutexLock stripe_lock(StripeOf(*ref));
    std::vector<LateSample>& late = series->extras->late;
    const auto kept = std::stable_partition(late.begin(), late.end(), [&](const LateSample& s) {
      return range.Contains(s.time) && s.batch <= mark;
    });
    forgotten.insert(forgotten.end(), std::make_move_iterator(late.begin()),
                     std::make_move_iterator(kept));
    late.erase(late.begin(), kept);
    if (late.empty()) {
      late.shrink_to_fit();
      ref = late_series_.erase(ref);
      continue;
    }
    late_range_.from = std::min(late_range_.from, late.front().time);
    late_range_.until = std::max(late_range_.until, late.back().time);
    ++ref;
  }
  counters_->late_held.fetch_sub(forgotten.size(), std::memory_order_relaxed);
}

Result<std::unique_ptr<storage::Querier>> Head::OpenLateQuerier(model::TimeRange range) {
  return OpenPart(*this, range, QuerierPart::kLate);
}

}  // namespace narthex::head
