// Reading the head: a snapshot, and cursors over it.
#pragma once

#include <cstdint>
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>

#include "base/mutex.h"
#include "head/head.h"
#include "series_table.h"

namespace narthex::head {

enum class QuerierPart { kAll, kLate };

// Sees the samples of `part` only.
std::unique_ptr<storage::Querier> OpenPart(Head& head, model::TimeRange range, QuerierPart part);

// Sees these series only, ascending.
std::unique_ptr<storage::Querier> OpenSome(Head& head, model::TimeRange range,
                                           std::vector<storage::SeriesRef> series);

// A snapshot of the head: keeps what it may show alive until destruction. Thread-safe.
class QuerierState {
 public:
  QuerierState(Head& head, model::TimeRange range, QuerierPart part = QuerierPart::kAll);
  ~QuerierState();
  QuerierState(const QuerierState&) = delete;
  QuerierState& operator=(const QuerierState&) = delete;

  Head& head() const { return head_; }
  // Of samples in order: what is in blocks is left out.
  model::TimeRange range() const { return range_; }
  model::TimeRange late_range() const { return late_range_; }
  QuerierPart part() const { return part_; }
  std::uint64_t snapshot() const { return snapshot_; }
  // The part of a shared column that the querier sees; lives as long as the querier.
  const TimeWindow& Window(const TimeColumn& column) EXCLUDES(mutex_);
  // The same for a column of one series, of which nobody else will ask.
  TimeWindow OwnWindow(const TimeColumn& column) const { return column.Window(range_, snapshot_); }

 private:
  Head& head_;
  const QuerierPart part_;
  const model::TimeRange range_;
  const model::TimeRange late_range_;
  std::uint64_t snapshot_ = 0;  // written while constructed
  const std::uint64_t id_;
  Mutex mutex_;
  std::unordered_map<const TimeColumn*, std::unique_ptr<const TimeWindow>> windows_
      GUARDED_BY(mutex_);
};

// A piece of a series as it was under its lock.
struct Piece {
  TimeColumn* column = nullptr;
  std::uint32_t first = 0;
  std::uint16_t span = 0;
  std::uint16_t count = 0;
  std::string_view presence;  // empty if dense
  std::string_view page;      // empty for the open end
  bool has_histograms = false;
};

// Reads the samples of series one after the other, reusing its buffers.
class SeriesReader {
 public:
  explicit SeriesReader(std::shared_ptr<QuerierState> state) : state_(std::move(state)) {}

  // The columns live until the next call.
  // Errors: kCorruption
  Result<storage::SampleColumns> Read(const Series& series);
  // The same as pages; empty if hardly a page can stay as it is. They live until the next call.
  Result<std::optional<storage::EncodedColumns>> ReadEncoded(const Series& series);
  // The newest sample of all, without decoding anything. Empty if it is not seen, or is after
  // `until`: then Read() has to find the one that is.
  std::optional<storage::SampleColumns> ReadNewest(const Series& series, model::TimestampMs until);

  // Calls into the cache what Read() of each of `series` will look at: each lies in four or five
  // places, and each place is only known from the one before, so that all are asked for at a time.
  void PrefetchSamples(std::span<const Series* const> series) const;

  // The pieces of the last series read, without their times, and what else it has: for a
  // checkpoint.
  const std::vector<Piece>& pieces() const { return pieces_; }
  const std::vector<LateSample>& late() const { return late_; }
  const std::vector<StartChange>& starts() const { return starts_; }
  Status DecodePiece(const Piece& piece, std::span<double> values) const;
  // As many as the piece counts; they live until the next CopyPieces.
  Result<std::span<const model::FloatHistogram* const>> DecodeHistograms(const Piece& piece);
  void CopyPieces(const Series& series);

 private:
  // Ordinals of a piece that the querier sees.
  struct Seen {
    const TimeWindow* window = nullptr;
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
  };
  // Where the samples read lie in one column.
  struct Stretch {
    const TimeColumn* column = nullptr;
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    bool is_unbroken = true;
    void Add(const Piece& piece, const Seen& seen);
  };
  // The newest sample of a series, and where it stands.
  struct Newest {
    const TimeColumn* column = nullptr;
    std::uint32_t ordinal = 0;
    model::Sample sample;
    model::TimestampMs start = 0;
    HistogramPtr histogram;
  };
  std::optional<Newest> CopyNewest(const Series& series) const;
  bool IsSeen(const Newest& newest);
  void CopyOpenEnd(const Series& series);
  void CopyExtras(const SeriesExtras& extras);
  const TimeWindow& SharedWindow(const TimeColumn& column);
  Seen Look(const Piece& piece);
  Status AddPiece(const Piece& piece, const Seen& seen);
  Status AddDense(const Piece& piece, const Seen& seen);
  void AddTimes(const Piece& piece, const Seen& seen);
  void AddPage(const storage::EncodedPage& page);
  Status AddEncoded(const Piece& piece, const Seen& seen);
  void ClearColumns();
  void MergeLate();
  void FillStarts();
  std::uint64_t TimeColumnId(const Stretch& stretch);

  const std::shared_ptr<QuerierState> state_;
  std::vector<Piece> pieces_;
  std::vector<Seen> seen_;  // of each piece
  // All samples lie one behind the other in a shared column: its times are given as they are.
  bool has_times_of_window_ = false;
  Presence open_presence_{};
  chunk::ValueTail::Snapshot open_tail_;
  std::vector<HistogramPtr> open_histograms_;
  std::vector<LateSample> late_;
  std::vector<StartChange> starts_;
  const TimeWindow* shared_window_ = nullptr;
  const TimeColumn* shared_window_of_ = nullptr;
  TimeWindow own_window_;
  const TimeColumn* own_window_of_ = nullptr;
  std::vector<double> decoded_;
  std::vector<const model::FloatHistogram*> decoded_histograms_;
  std::list<std::vector<model::FloatHistogram>> histogram_pages_;  // stay where they are
  std::vector<storage::EncodedPage> encoded_pages_;
  std::deque<std::string> recoded_pages_;  // stay where they are
  std::size_t copied_page_count_ = 0;
  std::vector<double> values_;
  std::vector<model::TimestampMs> times_;
  std::vector<const model::FloatHistogram*> histograms_;
  std::vector<model::TimestampMs> start_times_;
};

}  // namespace narthex::head
