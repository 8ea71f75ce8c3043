// Reading a block.
#include <algorithm>

#include "reader.h"
#include "series_reader.h"

namespace narthex::block {

using SeriesIds = std::vector<index::SeriesId>;

// The series of a Select, or a stretch of them, in order.
class BlockSeriesSet final : public storage::SeriesSet {
 public:
  BlockSeriesSet(std::shared_ptr<BlockReader> reader, std::shared_ptr<const SeriesIds> ids,
                 const storage::SelectHints& hints)
      : BlockSeriesSet(std::move(reader), ids, hints, {0, ids->size()}) {}

  bool Next() override {
    while (next_ < end_) {
      if (hints_.series_count_max > 0 && given_count_ >= hints_.series_count_max) return false;
      id_ = (*ids_)[next_++];
      has_labels_ = false;
      if (reader_->IsGone(id_)) continue;
      // Whoever reads samples sees that there are none; who does not would be misled.
      if (hints_.is_labels_only && !reader_->is_whole() && !series_.HasSamples(id_)) continue;
      if (!status().ok()) return false;
      if (hints_.shard_count > 1 &&
          labels().StableHash() % hints_.shard_count != hints_.shard_index) {
        continue;
      }
      ++given_count_;
      return true;
    }
    return false;
  }

  const model::LabelSet& labels() const override {
    if (!has_labels_) {
      labels_ = label_reader_.Read(id_);
      has_labels_ = true;
    }
    return labels_;
  }
  std::uint64_t number() const override { return id_; }
  Status status() const override { return reader_->IndexStatus(); }
  Result<storage::SampleColumns> samples() override { return series_.Read(id_); }

  bool is_cuttable() const override { return hints_.series_count_max == 0; }
  std::size_t remaining_count() const override { return end_ - next_; }
  model::LabelSet LabelsAhead(std::size_t index) const override {
    return reader_->index().Labels((*ids_)[next_ + index]);
  }
  std::uint64_t NumberAhead(std::size_t index) const override { return (*ids_)[next_ + index]; }
  std::unique_ptr<SeriesSet> TakeAhead(std::size_t count) override {
    const std::size_t begin = next_;
    next_ += count;
    return std::unique_ptr<SeriesSet>(new BlockSeriesSet(reader_, ids_, hints_, {begin, next_}));
  }

 private:
  struct Stretch {
    std::size_t begin;
    std::size_t end;
  };
  BlockSeriesSet(std::shared_ptr<BlockReader> reader, std::shared_ptr<const SeriesIds> ids,
                 const storage::SelectHints& hints, Stretch stretch)
      : reader_(std::move(reader)),
        ids_(std::move(ids)),
        hints_(hints),
        end_(stretch.end),
        label_reader_(reader_->index(),
                      hints_.shard_count > 1 ? nullptr : hints_.label_names.get()),
        series_(reader_),
        next_(stretch.begin) {}

  const std::shared_ptr<BlockReader> reader_;
  const std::shared_ptr<const SeriesIds> ids_;  // shared by the stretches that were cut off
  const storage::SelectHints hints_;
  const std::size_t end_;
  mutable index::LabelReader label_reader_;
  SeriesReader series_;
  std::size_t next_;
  std::size_t given_count_ = 0;
  index::SeriesId id_ = 0;
  mutable bool has_labels_ = false;
  mutable model::LabelSet labels_;
};

class BlockQuerier final : public storage::Querier {
 public:
  explicit BlockQuerier(std::shared_ptr<BlockReader> reader) : reader_(std::move(reader)) {}

  Result<std::unique_ptr<storage::SeriesSet>> Select(std::span<const model::Matcher> matchers,
                                                     const storage::SelectHints& hints) override {
    NARTHEX_ASSIGN_OR_RETURN(std::vector<index::SeriesId> ids,
                             index::SelectSeries(reader_->index(), matchers, hints.check_alive));
    if (hints.is_sorted) NARTHEX_TRY(reader_->index().SortByLabels(ids, hints.check_alive));
    NARTHEX_TRY(reader_->IndexStatus());
    return std::make_unique<BlockSeriesSet>(
        reader_, std::make_shared<const SeriesIds>(std::move(ids)), hints);
  }

  std::optional<storage::SeriesNumbering> numbering() const override {
    return reader_->index().numbering();
  }

  Result<storage::LabelList> LabelNames(std::span<const model::Matcher> matchers,
                                        const storage::ListHints& hints) override {
    NARTHEX_ASSIGN_OR_RETURN(std::vector<std::string> entries,
                             index::SelectNames(reader_->index(), matchers, hints.check_alive));
    NARTHEX_TRY(reader_->IndexStatus());
    return Limited(std::move(entries), hints.limit);
  }

  Result<storage::LabelList> LabelValues(std::string_view name,
                                         std::span<const model::Matcher> matchers,
                                         const storage::ListHints& hints) override {
    NARTHEX_ASSIGN_OR_RETURN(
        std::vector<std::string> entries,
        index::SelectValues(reader_->index(), name, matchers, hints.check_alive));
    NARTHEX_TRY(reader_->IndexStatus());
    return Limited(std::move(entries), hints.limit);
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
