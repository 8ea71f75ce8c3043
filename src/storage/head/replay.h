// Filling the head from its log at start.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "counters.h"
#include "head/head.h"
#include "replay_applier.h"
#include "series_indexer.h"
#include "shared_times.h"
#include "wal/batch.h"
#include "wal/reader.h"
#include "wal/sample_record.h"

namespace narthex::head {

// What replay knows of a reference.
struct LoggedSeries {
  double value = 0;  // of the last sample in the log
  Series* series = nullptr;
  std::uint32_t id = 0;       // of `series`
  std::uint32_t slot = 0;     // in the applier
  std::uint8_t exponent = 0;  // of `value`, see wal::ValueBases
  bool has_pages = false;     // given to the applier
  bool has_pending = false;   // samples, see HeadReplay::pending_
};

// By reference, also of series whose own record is lost. Memory: 32 bytes each, while replay runs.
class LoggedSeriesTable {
 public:
  LoggedSeries& At(std::uint64_t ref) {
    const std::uint64_t block = ref / kBlockLength;
    if (block != last_block_) LoadBlock(block);
    return (*last_)[ref % kBlockLength];
  }

 private:
  static constexpr std::size_t kBlockLength = 1024;
  using Block = std::array<LoggedSeries, kBlockLength>;

  void LoadBlock(std::uint64_t block) {
    // No head gives out references of so many bits.
    const auto at = static_cast<std::size_t>(std::min(block, UINT32_MAX / kBlockLength + 1));
    if (blocks_.size() <= at) blocks_.resize(at + 1);
    if (blocks_[at] == nullptr) blocks_[at] = std::make_unique<Block>();
    last_ = blocks_[at].get();
    last_block_ = block;
  }

  std::vector<std::unique_ptr<Block>> blocks_;
  std::uint64_t last_block_ = UINT64_MAX;  // beyond all blocks
  Block* last_ = nullptr;
};

// One run over the log of a head that nobody else uses yet. Records that do not fit are counted,
// logged and passed over.
class HeadReplay {
 public:
  // Not analysed: the indexer locks the table when it touches it.
  explicit HeadReplay(Head& head) NO_THREAD_SAFETY_ANALYSIS;
  ~HeadReplay();

  Result<wal::ReadReport> Run();

 private:
  Status Visit(wal::RecordType type, std::string_view payload);
  Status TakeSeries(std::string_view payload);
  void HashLabels(const wal::SeriesRecord& record);
  // These three are not analysed: nobody else uses the head yet, and the indexer has the other half
  // of the table.
  void PrefetchHash(std::size_t i) const NO_THREAD_SAFETY_ANALYSIS;
  Series* TryAddSeries(std::uint64_t ref, std::uint64_t hash) NO_THREAD_SAFETY_ANALYSIS;
  Series& AddSeries(std::uint64_t ref, std::uint64_t hash) NO_THREAD_SAFETY_ANALYSIS;
  // Null if there is none.
  Series* FindIndexed(const model::LabelSet& labels);
  Status TakeBatch(std::string_view payload);
  void FillBases();
  bool StartBatch(const wal::BatchRecord& record);
  void GiveToApplier(const wal::BatchRecord& record);
  Status TakeColumn(std::string_view payload);
  Status TakePage(std::string_view payload, bool has_histograms);
  std::optional<model::TimeRange> TimesOf(const SealedPage& page);
  // Where `slot` and the flags of the series of `ref` are: it may have come under several
  // references, and has one place among what is applied.
  LoggedSeries& HomeOf(std::uint64_t ref) {
    LoggedSeries& logged = logged_.At(ref);
    return logged.series == nullptr || logged.id == ref ? logged : logged_.At(logged.id);
  }
  // For a series of which the applier may have pages.
  SeriesExtras& ExtrasOf(LoggedSeries& logged);
  // In replay_extras.cc.
  std::optional<std::uint32_t> PlaceSamples(const wal::SampleRecord& record, TimeColumn*& column);
  Status TakeHistograms(std::string_view payload);
  Status TakeLate(std::string_view payload);
  Status TakeStarts(std::string_view payload);
  Status TakeExemplars(std::string_view payload);
  bool MustFlush(const wal::BatchRecord& record);
  void MaybeFlush();
  // Applies what is pending.
  void Flush();
  void CountStale();
  void Extend(TimestampMs from, TimestampMs until);

  // A sample that is not for the applier, but has its place between those that are.
  struct PendingSample {
    LoggedSeries* logged = nullptr;
    TimeColumn* column = nullptr;  // null: the series' own
    std::uint32_t ordinal = 0;
    std::uint64_t batch = 0;
    model::Sample sample = {};
    HistogramPtr histogram;
  };

  struct PageTimes {
    const TimeColumn* column = nullptr;
    std::uint32_t first = 0;
    std::uint16_t span = 0;
    model::TimeRange range = {};  // from the first to the last
  };

  Head& head_;
  wal::BatchDecoder batch_decoder_;
  SharedTimes shared_times_;  // of the batch at hand
  LoggedSeriesTable logged_;
  std::vector<std::uint64_t> hashes_;  // of the label sets of the record at hand
  SeriesIndexer indexer_;
  ReplayApplier applier_;
  std::uint64_t batch_number_ = 0;
  // Collected, since applying them needs the applier to be done. Late samples, start times and
  // exemplars hang on no order.
  std::vector<PendingSample> pending_;
  const std::unique_ptr<Head::Accepted> pending_extras_;
  std::unordered_map<std::uint64_t, TimeColumn*> columns_;  // of the checkpoint
  PageTimes page_times_;                                    // of the page before
  // Columns of one series, until the first page says of which.
  std::unordered_map<std::uint64_t, std::unique_ptr<TimeColumn>> orphans_;
  std::uint64_t malformed_count_ = 0;
  std::uint64_t unknown_count_ = 0;
  std::uint64_t lost_sample_count_ = 0;  // coded against ones that damage took
};

}  // namespace narthex::head
