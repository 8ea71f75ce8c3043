// The newest exemplars of all series, up to a limit.
#pragma once

#include <cstdint>
#include <deque>
#include <list>
#include <optional>
#include <unordered_map>
#include <vector>

#include "base/mutex.h"
#include "head/head.h"
#include "model/exemplar.h"
#include "storage/querier.h"
#include "wal/attachment_record.h"

namespace narthex::head {

// Thread-safe. Memory: about 100 bytes an exemplar and what its labels take; a series' labels once.
class ExemplarStore {
 public:
  enum class Verdict { kNew, kRepeat, kOutOfOrder, kTooLong, kOff };

  explicit ExemplarStore(std::size_t count_max) : count_max_(count_max) {}

  // What `exemplar` is behind `newest`, or behind what is held of the series.
  // Source: Prometheus, tsdb/exemplar; OpenMetrics 1.0, "Exemplars" for the length of labels.
  Verdict Judge(std::uint64_t ref, const model::Exemplar& exemplar,
                const model::Exemplar* newest) const EXCLUDES(mutex_);
  bool Knows(std::uint64_t ref) const EXCLUDES(mutex_);
  // `labels` are those of the series, needed if it is not known.
  void Add(std::uint64_t ref, model::LabelSet labels, model::Exemplar exemplar) EXCLUDES(mutex_);
  void NoteOutOfOrder() EXCLUDES(mutex_);
  void Resize(std::size_t count_max) EXCLUDES(mutex_);

  std::vector<storage::SeriesExemplars> Select(
      model::TimeRange range, std::span<const std::vector<model::Matcher>> selectors) const
      EXCLUDES(mutex_);
  // All, in the order in which they came.
  wal::ExemplarRecord All() const EXCLUDES(mutex_);
  ExemplarStats stats() const EXCLUDES(mutex_);

 private:
  struct OfSeries {
    model::LabelSet labels;
    std::list<model::Exemplar> exemplars;  // oldest first, never empty
  };
  void DropOldest() REQUIRES(mutex_);

  mutable Mutex mutex_;
  std::size_t count_max_ GUARDED_BY(mutex_);
  std::unordered_map<std::uint64_t, OfSeries> series_ GUARDED_BY(mutex_);
  std::deque<std::uint64_t> order_ GUARDED_BY(mutex_);  // of each exemplar its series, oldest first
  std::uint64_t appended_count_ GUARDED_BY(mutex_) = 0;
  std::uint64_t out_of_order_count_ GUARDED_BY(mutex_) = 0;
};

}  // namespace narthex::head
