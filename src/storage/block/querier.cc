// Reading a block.
#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "base/bytes.h"
#include "base/mutex.h"
#include "chunk/page.h"
#include "parts.h"

namespace narthex::block {
namespace {

constexpr std::size_t kVectorLength = chunk::kPageSampleCountMax;

// The part of a column that lies in the querier's range: times[i] is of ordinal first + i.
struct TimeWindow {
  std::uint64_t first = 0;
  std::vector<model::TimestampMs> times;

  std::uint64_t end() const { return first + times.size(); }
};

}  // namespace

// What the cursors of one querier share: the block, and the times decoded so far. Thread-safe.
class BlockReader {
 public:
  BlockReader(std::shared_ptr<const Block> block, model::TimeRange range)
      : block_(std::move(block)), range_(range) {}

  const Block& block() const { return *block_; }
  const index::IndexFile& index() const { return *block_->parts_->index; }
  std::string_view pages() const { return block_->parts_->pages_map.bytes(); }

  // Lives as long as the querier.
  // Errors: kCorruption
  Result<const TimeWindow*> Window(std::uint64_t column) EXCLUDES(mutex_) {
    if (column >= block_->parts_->columns.size()) {
      return Error{ErrorCode::kCorruption, "series of a time column that is not there"};
    }
    MutexLock lock(mutex_);
    std::unique_ptr<TimeWindow>& window = windows_[column];
    if (window == nullptr) {
      NARTHEX_ASSIGN_OR_RETURN(TimeWindow made, MakeWindow(block_->parts_->columns[column]));
      window = std::make_unique<TimeWindow>(std::move(made));
    }
    return window.get();
  }

  Error Damaged(Error error) const {
    block_->damaged_page_count_.fetch_add(1, std::memory_order_relaxed);
    return std::move(error).Under("block " + block_->directory());
  }

 private:
  Result<TimeWindow> MakeWindow(const TimeColumnEntry& column) const {
    TimeWindow window;
    std::uint64_t ordinal = 0;
    std::vector<model::TimestampMs> times;
    for (const TimeVector& vector : column.vectors) {
      const bool is_inside = range_.Overlaps({vector.min_time, vector.max_time});
      if (is_inside) {
        NARTHEX_ASSIGN_OR_RETURN(const std::string_view bytes,
                                 ReadFrame(pages(), vector.offset, vector.size));
        times.resize(vector.count);
        NARTHEX_TRY(chunk::DecodeTimes(bytes, times));
        const auto begin = std::ranges::lower_bound(times, range_.from);
        const auto end = std::ranges::upper_bound(times, range_.until);
        if (window.times.empty()) {
          window.first = ordinal + static_cast<std::uint64_t>(begin - times.begin());
        }
        if (begin < end) window.times.insert(window.times.end(), begin, end);
      }
      ordinal += vector.count;
    }
    return window;
  }

  const std::shared_ptr<const Block> block_;
  const model::TimeRange range_;
  Mutex mutex_;
  std::unordered_map<std::uint64_t, std::unique_ptr<TimeWindow>> windows_ GUARDED_BY(mutex_);
};

class BlockSeriesSet final : public storage::SeriesSet {
 public:
  BlockSeriesSet(std::shared_ptr<BlockReader> reader, std::vector<index::SeriesId> ids,
                 storage::SelectHints hints)
      : reader_(std::move(reader)), ids_(std::move(ids)), hints_(hints) {}

  bool Next() override {
    while (next_ < ids_.size()) {
      if (hints_.series_count_max > 0 && given_count_ >= hints_.series_count_max) return false;
      id_ = ids_[next_++];
      labels_ = reader_->index().Labels(id_);
      if (hints_.shard_count > 1 &&
          labels_.StableHash() % hints_.shard_count != hints_.shard_index) {
        continue;
      }
      ++given_count_;
      return true;
    }
    return false;
  }

  const model::LabelSet& labels() const override { return labels_; }
  Status status() const override { return Ok(); }

  Result<storage::SampleColumns> samples() override {
    Result<storage::SampleColumns> columns = Read();
    if (!columns.ok()) return reader_->Damaged(std::move(columns).error());
    return columns;
  }

 private:
  Result<storage::SampleColumns> Read() {
    ByteReader payload(reader_->index().Payload(id_));
    const auto column = payload.ReadVarint();
    const auto first = payload.ReadVarint();
    const auto count = payload.ReadVarint();
    if (!column || !first || !count) {
      return Error{ErrorCode::kCorruption, "entry of a series is cut short"};
    }
    NARTHEX_ASSIGN_OR_RETURN(const TimeWindow* window, reader_->Window(*column));
    const std::uint64_t begin = std::max(*first, window->first);
    const std::uint64_t end = std::min(*first + *count, window->end());
    if (begin >= end) return storage::SampleColumns{};
    NARTHEX_TRY(ReadValues(payload, *count, {begin - *first, end - *first}));

    const std::uint64_t offset = begin - window->first;
    const std::uint64_t length = end - begin;
    storage::SampleColumns columns;
    columns.timestamps = std::span(window->times).subspan(offset, length);
    columns.values = values_;
    // 24 bits for the column, 20 each for where the stretch begins and how long it is.
    if (*column + 1 < (1u << 24) && offset < (1u << 20) && length < (1u << 20)) {
      columns.time_column_id = (*column + 1) << 40 | offset << 20 | length;
    }
    return columns;
  }

  struct Stretch {
    std::uint64_t begin;
    std::uint64_t end;
  };

  // The values at the positions of `wanted` out of `count`, into values_.
  Status ReadValues(ByteReader& payload, std::uint64_t count, Stretch wanted) {
    values_.clear();
    std::uint64_t offset = 0;
    for (std::uint64_t at = 0; at < count && at < wanted.end; at += kVectorLength) {
      const auto gap = payload.ReadVarint();
      const auto size = payload.ReadVarint();
      if (!gap || !size) return Error{ErrorCode::kCorruption, "entry of a series is cut short"};
      offset += *gap;
      const std::uint64_t length = std::min<std::uint64_t>(kVectorLength, count - at);
      if (at + length > wanted.begin) {
        NARTHEX_ASSIGN_OR_RETURN(const std::string_view bytes,
                                 ReadFrame(reader_->pages(), offset, *size));
        page_.resize(length);
        NARTHEX_TRY(chunk::DecodeValues(bytes, page_));
        const std::uint64_t from = std::max(wanted.begin, at) - at;
        const std::uint64_t until = std::min(wanted.end, at + length) - at;
        values_.insert(values_.end(), page_.begin() + static_cast<std::ptrdiff_t>(from),
                       page_.begin() + static_cast<std::ptrdiff_t>(until));
      }
      offset += *size + kChecksumSize;
    }
    return Ok();
  }

  const std::shared_ptr<BlockReader> reader_;
  const std::vector<index::SeriesId> ids_;
  const storage::SelectHints hints_;
  std::size_t next_ = 0;
  std::size_t given_count_ = 0;
  index::SeriesId id_ = 0;
  model::LabelSet labels_;
  std::vector<double> values_;
  std::vector<double> page_;
};

class BlockQuerier final : public storage::Querier {
 public:
  explicit BlockQuerier(std::shared_ptr<BlockReader> reader) : reader_(std::move(reader)) {}

  Result<std::unique_ptr<storage::SeriesSet>> Select(std::span<const model::Matcher> matchers,
                                                     const storage::SelectHints& hints) override {
    // Series are in order of labels on disk.
    return std::make_unique<BlockSeriesSet>(reader_,
                                            index::SelectSeries(reader_->index(), matchers), hints);
  }

  Result<storage::LabelList> LabelNames(std::span<const model::Matcher> matchers,
                                        std::size_t limit) override {
    return Limited(index::SelectNames(reader_->index(), matchers), limit);
  }

  Result<storage::LabelList> LabelValues(std::string_view name,
                                         std::span<const model::Matcher> matchers,
                                         std::size_t limit) override {
    return Limited(index::SelectValues(reader_->index(), name, matchers), limit);
  }

 private:
  static storage::LabelList Limited(std::vector<std::string> entries, std::size_t limit) {
    const bool is_truncated = limit > 0 && entries.size() > limit;
    if (is_truncated) entries.resize(limit);
    return {std::move(entries), is_truncated};
  }

  const std::shared_ptr<BlockReader> reader_;
};

Result<std::unique_ptr<storage::Querier>> Block::OpenQuerier(model::TimeRange range) {
  return std::make_unique<BlockQuerier>(std::make_shared<BlockReader>(shared_from_this(), range));
}

}  // namespace narthex::block
