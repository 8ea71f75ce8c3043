#include "storage/merge.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "base/mutex.h"

namespace narthex::storage {
namespace {

// Ids of merged time columns: the same parts' ids in the same order are the same timestamps.
class ColumnIds {
 public:
  using Key = std::vector<std::pair<std::size_t, std::uint64_t>>;  // part, id within it

  std::uint64_t IdOf(const Key& key) {
    MutexLock lock(mutex_);
    return ids_.try_emplace(key, ids_.size() + 1).first->second;
  }

 private:
  Mutex mutex_;
  std::map<Key, std::uint64_t> ids_ GUARDED_BY(mutex_);
};

class MergeSeriesSet final : public SeriesSet {
 public:
  MergeSeriesSet(std::shared_ptr<ColumnIds> ids, std::vector<std::unique_ptr<SeriesSet>> parts,
                 std::size_t series_count_max)
      : ids_(std::move(ids)), series_count_max_(series_count_max) {
    for (std::size_t i = 0; i < parts.size(); ++i) cursors_.push_back({std::move(parts[i]), i});
    for (Cursor& cursor : cursors_) current_.push_back(&cursor);
  }

  bool Next() override {
    for (Cursor* cursor : current_) Advance(*cursor);
    current_.clear();
    if (error_ || waiting_.empty()) return false;
    if (series_count_max_ > 0 && given_count_ == series_count_max_) return false;
    ++given_count_;
    do {
      std::ranges::pop_heap(waiting_, IsLater);
      current_.push_back(waiting_.back());
      waiting_.pop_back();
    } while (!waiting_.empty() &&
             waiting_.front()->set->labels() == current_.front()->set->labels());
    // By part, since the earlier one's samples hold.
    std::ranges::sort(current_, {}, &Cursor::part);
    return true;
  }

  const model::LabelSet& labels() const override { return current_.front()->set->labels(); }
  Status status() const override { return error_ ? Status(*error_) : Ok(); }

  Result<SampleColumns> samples() override {
    columns_.clear();
    ColumnIds::Key key;
    bool has_id = true;
    for (Cursor* cursor : current_) {
      NARTHEX_ASSIGN_OR_RETURN(const SampleColumns columns, cursor->set->samples());
      if (columns.timestamps.empty()) continue;
      columns_.push_back({cursor->part, columns});
      key.emplace_back(cursor->part, columns.time_column_id);
      has_id = has_id && columns.time_column_id != 0;
    }
    if (columns_.empty()) return SampleColumns{};
    const std::uint64_t id = has_id ? ids_->IdOf(key) : 0;
    if (columns_.size() == 1) {
      return SampleColumns{columns_[0].columns.timestamps, columns_[0].columns.values, id};
    }
    std::ranges::sort(columns_, {}, &PartColumns::first);
    const bool is_apart = std::ranges::adjacent_find(columns_, [](const auto& a, const auto& b) {
                            return a.last() >= b.first();
                          }) == columns_.end();
    if (is_apart) {
      Concatenate(id);
    } else {
      MergeOverlapping();
    }
    return SampleColumns{times_, values_, id};
  }

 private:
  struct Cursor {
    std::unique_ptr<SeriesSet> set;
    std::size_t part;
  };
  struct PartColumns {
    std::size_t part;
    SampleColumns columns;

    model::TimestampMs first() const { return columns.timestamps.front(); }
    model::TimestampMs last() const { return columns.timestamps.back(); }
  };

  static bool IsLater(const Cursor* a, const Cursor* b) {
    return a->set->labels() > b->set->labels();
  }

  void Advance(Cursor& cursor) {
    if (cursor.set->Next()) {
      waiting_.push_back(&cursor);
      std::ranges::push_heap(waiting_, IsLater);
    } else if (Status status = cursor.set->status(); !status.ok() && !error_) {
      error_ = std::move(status).error();
    }
  }

  void Concatenate(std::uint64_t id) {
    values_.clear();
    for (const PartColumns& c : columns_) {
      values_.insert(values_.end(), c.columns.values.begin(), c.columns.values.end());
    }
    // Most series have the times of the one before.
    if (id != 0 && id == times_id_) return;
    times_.clear();
    for (const PartColumns& c : columns_) {
      times_.insert(times_.end(), c.columns.timestamps.begin(), c.columns.timestamps.end());
    }
    times_id_ = id;
  }

  void MergeOverlapping() {
    struct Entry {
      model::TimestampMs time;
      std::size_t part;
      double value;
    };
    std::vector<Entry> entries;
    for (const PartColumns& c : columns_) {
      for (std::size_t i = 0; i < c.columns.values.size(); ++i) {
        entries.push_back({c.columns.timestamps[i], c.part, c.columns.values[i]});
      }
    }
    std::ranges::sort(entries, [](const Entry& a, const Entry& b) {
      return a.time != b.time ? a.time < b.time : a.part < b.part;
    });
    times_.clear();
    values_.clear();
    times_id_ = 0;
    for (const Entry& entry : entries) {
      if (!times_.empty() && times_.back() == entry.time) continue;
      times_.push_back(entry.time);
      values_.push_back(entry.value);
    }
  }

  const std::shared_ptr<ColumnIds> ids_;
  const std::size_t series_count_max_;
  std::vector<Cursor> cursors_;
  std::vector<Cursor*> waiting_;  // a heap, the lowest label set in front
  std::vector<Cursor*> current_;  // those at the label set given out
  std::size_t given_count_ = 0;
  std::optional<Error> error_;
  std::vector<PartColumns> columns_;
  std::vector<model::TimestampMs> times_;
  std::vector<double> values_;
  std::uint64_t times_id_ = 0;
};

LabelList Merge(std::vector<LabelList> lists, std::size_t limit) {
  LabelList merged;
  for (LabelList& list : lists) {
    merged.is_truncated = merged.is_truncated || list.is_truncated;
    merged.entries.insert(merged.entries.end(), std::make_move_iterator(list.entries.begin()),
                          std::make_move_iterator(list.entries.end()));
  }
  std::ranges::sort(merged.entries);
  merged.entries.erase(std::unique(merged.entries.begin(), merged.entries.end()),
                       merged.entries.end());
  if (limit > 0 && merged.entries.size() > limit) {
    merged.entries.resize(limit);
    merged.is_truncated = true;
  }
  return merged;
}

class MergeQuerier final : public Querier {
 public:
  explicit MergeQuerier(std::vector<std::unique_ptr<Querier>> parts) : parts_(std::move(parts)) {}

  Result<std::unique_ptr<SeriesSet>> Select(std::span<const model::Matcher> matchers,
                                            const SelectHints& hints) override {
    SelectHints sorted = hints;
    sorted.is_sorted = true;
    std::vector<std::unique_ptr<SeriesSet>> sets;
    for (const auto& part : parts_) {
      NARTHEX_ASSIGN_OR_RETURN(auto set, part->Select(matchers, sorted));
      sets.push_back(std::move(set));
    }
    return std::make_unique<MergeSeriesSet>(ids_, std::move(sets), hints.series_count_max);
  }

  Result<LabelList> LabelNames(std::span<const model::Matcher> matchers,
                               std::size_t limit) override {
    std::vector<LabelList> lists;
    for (const auto& part : parts_) {
      NARTHEX_ASSIGN_OR_RETURN(LabelList list, part->LabelNames(matchers, limit));
      lists.push_back(std::move(list));
    }
    return Merge(std::move(lists), limit);
  }

  Result<LabelList> LabelValues(std::string_view name, std::span<const model::Matcher> matchers,
                                std::size_t limit) override {
    std::vector<LabelList> lists;
    for (const auto& part : parts_) {
      NARTHEX_ASSIGN_OR_RETURN(LabelList list, part->LabelValues(name, matchers, limit));
      lists.push_back(std::move(list));
    }
    return Merge(std::move(lists), limit);
  }

 private:
  const std::vector<std::unique_ptr<Querier>> parts_;
  const std::shared_ptr<ColumnIds> ids_ = std::make_shared<ColumnIds>();
};

}  // namespace

std::unique_ptr<Querier> MergeQueriers(std::vector<std::unique_ptr<Querier>> parts) {
  if (parts.size() == 1) return std::move(parts.front());
  return std::make_unique<MergeQuerier>(std::move(parts));
}

}  // namespace narthex::storage
