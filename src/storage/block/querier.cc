// Reading a block.
#include <algorithm>

#include "reader.h"
#include "series_reader.h"

namespace narthex::block {

class BlockSeriesSet final : public storage::SeriesSet {
 public:
  BlockSeriesSet(std::shared_ptr<BlockReader> reader, std::vector<index::SeriesId> ids,
                 storage::SelectHints hints)
      : reader_(std::move(reader)), ids_(std::move(ids)), hints_(hints), series_(reader_) {}

  bool Next() override {
    while (next_ < ids_.size()) {
      if (hints_.series_count_max > 0 && given_count_ >= hints_.series_count_max) return false;
      id_ = ids_[next_++];
      if (reader_->IsGone(id_)) continue;
      // Whoever reads samples sees that there are none; who does not would be misled.
      if (hints_.is_labels_only && !series_.HasSamples(id_)) continue;
      labels_ = reader_->index().Labels(id_);
      if (!status().ok()) return false;
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
  Status status() const override { return reader_->IndexStatus(); }
  Result<storage::SampleColumns> samples() override { return series_.Read(id_); }

 private:
  const std::shared_ptr<BlockReader> reader_;
  const std::vector<index::SeriesId> ids_;
  const storage::SelectHints hints_;
  SeriesReader series_;
  std::size_t next_ = 0;
  std::size_t given_count_ = 0;
  index::SeriesId id_ = 0;
  model::LabelSet labels_;
};

class BlockQuerier final : public storage::Querier {
 public:
  explicit BlockQuerier(std::shared_ptr<BlockReader> reader) : reader_(std::move(reader)) {}

  Result<std::unique_ptr<storage::SeriesSet>> Select(std::span<const model::Matcher> matchers,
                                                     const storage::SelectHints& hints) override {
    std::vector<index::SeriesId> ids = index::SelectSeries(reader_->index(), matchers);
    if (hints.is_sorted) reader_->index().SortByLabels(ids);
    NARTHEX_TRY(reader_->IndexStatus());
    return std::make_unique<BlockSeriesSet>(reader_, std::move(ids), hints);
  }

  Result<storage::LabelList> LabelNames(std::span<const model::Matcher> matchers,
                                        std::size_t limit) override {
    std::vector<std::string> entries = index::SelectNames(reader_->index(), matchers);
    NARTHEX_TRY(reader_->IndexStatus());
    return Limited(std::move(entries), limit);
  }

  Result<storage::LabelList> LabelValues(std::string_view name,
                                         std::span<const model::Matcher> matchers,
                                         std::size_t limit) override {
    std::vector<std::string> entries = index::SelectValues(reader_->index(), name, matchers);
    NARTHEX_TRY(reader_->IndexStatus());
    return Limited(std::move(entries), limit);
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
  return std::make_unique<BlockQuerier>(
      std::make_shared<BlockReader>(shared_from_this(), range, tombstones()));
}

}  // namespace narthex::block
