// What the head counts, and the scratch space of an append.
#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

#include "head/head.h"
#include "series.h"
#include "wal/attachment_record.h"
#include "wal/sample_record.h"

namespace narthex::head {

// Relaxed everywhere: each is a number of its own, read for display only.
struct Head::Counters {
  using Counter = std::atomic<std::uint64_t>;
  Counter appended = 0;
  Counter out_of_order = 0;
  Counter duplicate = 0;
  Counter out_of_bounds = 0;
  Counter too_old = 0;
  Counter histograms_appended = 0;
  Counter late_appended = 0;
  Counter late_held = 0;
  Counter stale_series = 0;
  Counter series_created = 0;
  Counter series_removed = 0;
  Counter series_not_found = 0;
  Counter chunks = 0;
  Counter chunks_created = 0;
  Counter chunks_removed = 0;
  Counter truncations = 0;
  Counter truncations_failed = 0;
  Counter checkpoints = 0;
  Counter checkpoints_failed = 0;
  Counter unknown_references = 0;

  static void Add(Counter& counter, std::uint64_t count = 1) {
    counter.fetch_add(count, std::memory_order_relaxed);
  }
  static std::uint64_t Get(const Counter& counter) {
    return counter.load(std::memory_order_relaxed);
  }
};

// What one batch has of the columns of Accepted: [begin, end).
struct Head::AcceptedPart {
  storage::GroupRef group = 0;
  std::size_t begin = 0;
  std::size_t end = 0;
  bool has_one_time = true;
  bool has_histograms = false;
  bool has_repeats = false;  // a series has several samples

  std::size_t size() const { return end - begin; }
};

struct Head::Accepted {
  using Part = AcceptedPart;
  // A sample for the late ones of its series.
  struct Late {
    Series* series = nullptr;
    wal::SampleRecord::Sample sample;
  };
  struct Start {
    Series* series = nullptr;
    wal::StartRecord::Change change;
  };

  std::vector<Part> parts;  // those of batches of which nothing passed are empty
  std::vector<Series*> series;
  std::vector<std::uint64_t> refs;
  std::vector<double> values;
  std::vector<model::TimestampMs> times;
  std::vector<HistogramPtr> histograms;  // empty while all are floats, else null for these
  std::vector<Late> late;
  std::vector<Start> starts;
  std::vector<wal::ExemplarRecord::Entry> exemplars;
  std::vector<Series*> found;          // by position in the batch checked last, null if unknown
  bool has_series_of_several = false;  // a series has samples in several parts

  bool empty() const { return series.empty() && late.empty() && exemplars.empty(); }
  void Clear() {
    parts.clear();
    series.clear();
    refs.clear();
    values.clear();
    times.clear();
    histograms.clear();
    late.clear();
    starts.clear();
    exemplars.clear();
    has_series_of_several = false;
  }
  void StartPart(storage::GroupRef group) {
    parts.push_back({.group = group, .begin = series.size(), .end = series.size()});
  }
  // That the sample at `earlier` and the next one of the last part are of one series.
  void NoteRepeat(std::size_t earlier) {
    if (earlier >= parts.back().begin) {
      parts.back().has_repeats = true;
    } else {
      has_series_of_several = true;
    }
  }
  void AddStart(Series& one, TimestampMs from, TimestampMs start) {
    const bool is_repeat = !starts.empty() && starts.back().series == &one;
    const TimestampMs known = is_repeat ? starts.back().change.start : one.newest_start();
    if (start != known) starts.push_back({&one, {one.id, from, start}});
  }
  void Add(Series& one, std::uint64_t ref, model::Sample sample, HistogramPtr histogram) {
    one.batch_position = static_cast<std::uint32_t>(series.size());
    Part& part = parts.back();
    part.has_histograms = part.has_histograms || histogram != nullptr;
    if (part.size() > 0 && times[part.begin] != sample.timestamp) part.has_one_time = false;
    if (histogram != nullptr || !histograms.empty()) {
      histograms.resize(series.size());
      histograms.push_back(std::move(histogram));
    }
    series.push_back(&one);
    refs.push_back(ref);
    values.push_back(sample.value);
    times.push_back(sample.timestamp);
    part.end = series.size();
  }
};

// References by position in the request; those at `created` are new.
struct Head::NewSeries {
  std::vector<storage::SeriesRef> refs;
  std::vector<std::size_t> created;
};

}  // namespace narthex::head
