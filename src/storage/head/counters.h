// What the head counts, and the scratch space of an append.
#pragma once

#include <atomic>
#include <cstdint>
#include <span>
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

// What one batch has of the columns of Accepted: [begin, end) of the samples, and of the rows.
struct Head::AcceptedPart {
  storage::GroupRef group = 0;
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t row_begin = 0;
  std::size_t row_end = 0;
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

  // Samples that stand together in a batch and are of one series.
  struct Row {
    Series* series = nullptr;  // null if unknown
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
  };

  std::vector<Row> batch_rows;  // of the batch checked last, as it came
  std::vector<Part> parts;      // those of batches of which nothing passed are empty
  std::vector<Row> rows;        // of what passed; neighbours in a part are of different series
  std::vector<std::uint64_t> refs;
  std::vector<double> values;
  std::vector<model::TimestampMs> times;
  std::vector<HistogramPtr> histograms;  // empty while all are floats, else null for these
  std::vector<Late> late;
  std::vector<Start> starts;
  std::vector<wal::ExemplarRecord::Entry> exemplars;
  bool has_series_of_several = false;  // a series has samples in several parts

  bool empty() const { return rows.empty() && late.empty() && exemplars.empty(); }
  void Clear() {
    parts.clear();
    rows.clear();
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
    parts.push_back({.group = group,
                     .begin = values.size(),
                     .end = values.size(),
                     .row_begin = rows.size(),
                     .row_end = rows.size()});
  }
  // The last row of the series; null if nothing of it has passed yet. A position left by an older
  // append names another series, or none.
  const Row* RowOf(const Series& one) const {
    const std::size_t at = one.batch_position;
    return at < rows.size() && rows[at].series == &one ? &rows[at] : nullptr;
  }
  void AddStart(Series& one, TimestampMs from, TimestampMs start) {
    const bool is_repeat = !starts.empty() && starts.back().series == &one;
    const TimestampMs known = is_repeat ? starts.back().change.start : one.newest_start();
    if (start != known) starts.push_back({&one, {one.id, from, start}});
  }
  // Samples behind one another, to the last part.
  void AddRun(Series& one, std::uint64_t ref, std::span<const TimestampMs> at,
              std::span<const double> run) {
    Part& part = parts.back();
    const TimestampMs first = part.size() == 0 ? at.front() : times[part.begin];
    part.has_one_time = part.has_one_time && at.front() == first && at.back() == first;
    part.has_repeats = part.has_repeats || run.size() > 1;
    ExtendRows(one, run.size());
    if (run.size() == 1) {
      refs.push_back(ref);
      times.push_back(at.front());
      values.push_back(run.front());
    } else {
      refs.insert(refs.end(), run.size(), ref);
      times.insert(times.end(), at.begin(), at.end());
      values.insert(values.end(), run.begin(), run.end());
    }
    if (!histograms.empty()) histograms.resize(values.size());
    part.end = values.size();
    part.row_end = rows.size();
  }
  void Add(Series& one, std::uint64_t ref, model::Sample sample, HistogramPtr histogram) {
    AddRun(one, ref, std::span(&sample.timestamp, 1), std::span(&sample.value, 1));
    if (histogram == nullptr) return;
    parts.back().has_histograms = true;
    histograms.resize(values.size());
    histograms.back() = std::move(histogram);
  }

 private:
  void ExtendRows(Series& one, std::size_t count) {
    Part& part = parts.back();
    const auto begin = static_cast<std::uint32_t>(values.size());
    const auto end = static_cast<std::uint32_t>(begin + count);
    if (const Row* before = RowOf(one)) {
      const bool is_of_part = before->begin >= part.begin;
      part.has_repeats = part.has_repeats || is_of_part;
      has_series_of_several = has_series_of_several || !is_of_part;
      if (is_of_part && before == &rows.back()) {
        rows.back().end = end;
        return;
      }
    }
    one.batch_position = static_cast<std::uint32_t>(rows.size());
    rows.push_back({&one, begin, end});
  }
};

// References by position in the request; those at `created` are new.
struct Head::NewSeries {
  std::vector<storage::SeriesRef> refs;
  std::vector<std::size_t> created;
};

}  // namespace narthex::head
