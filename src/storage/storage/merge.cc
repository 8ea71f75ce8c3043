#include "storage/merge.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <utility>

#include "base/alive_order.h"
#include "base/mutex.h"

namespace narthex::storage {
namespace {

// Ids of merged time columns: the same parts' ids in the same order are the same timestamps.
class ColumnIds {
 public:
  using Key = std::vector<std::pair<std::size_t, std::uint64_t>>;  // part, id within it

  std::uint64_t IdOf(const Key& key) EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    return ids_.try_emplace(key, ids_.size() + 1).first->second;
  }

 private:
  Mutex mutex_;
  std::map<Key, std::uint64_t> ids_ GUARDED_BY(mutex_);
};

struct PartColumns {
  std::size_t part;
  SampleColumns columns;

  model::TimestampMs first() const { return columns.timestamps.front(); }
  model::TimestampMs last() const { return columns.timestamps.back(); }
};

// Columns in the making, of pieces of others. Histograms are pointed to where their parts hold
// them.
struct MergedColumns {
  std::uint64_t times_id = 0;  // of what `times` holds
  std::vector<model::TimestampMs> times;
  std::vector<double> values;
  std::vector<const model::FloatHistogram*> histograms;
  std::vector<model::TimestampMs> start_timestamps;
  bool has_histograms = false;
  bool has_start_timestamps = false;

  void Begin(const std::vector<PartColumns>& parts) {
    values.clear();
    histograms.clear();
    start_timestamps.clear();
    has_histograms = std::ranges::any_of(
        parts, [](const PartColumns& c) { return !c.columns.histograms.empty(); });
    has_start_timestamps = std::ranges::any_of(
        parts, [](const PartColumns& c) { return !c.columns.start_timestamps.empty(); });
  }

  void AddAll(const SampleColumns& from, bool has_times) {
    if (values.empty() && !has_times) times.clear();
    values.insert(values.end(), from.values.begin(), from.values.end());
    if (!has_times) times.insert(times.end(), from.timestamps.begin(), from.timestamps.end());
    if (has_histograms) {
      histograms.insert(histograms.end(), from.histograms.begin(), from.histograms.end());
      histograms.resize(values.size(), nullptr);
    }
    if (has_start_timestamps) {
      start_timestamps.insert(start_timestamps.end(), from.start_timestamps.begin(),
                              from.start_timestamps.end());
      start_timestamps.resize(values.size(), 0);
    }
  }

  void AddOne(const SampleColumns& from, std::size_t i) {
    if (values.empty()) times.clear();
    times.push_back(from.timestamps[i]);
    values.push_back(from.values[i]);
    if (has_histograms) {
      histograms.push_back(from.histograms.empty() ? nullptr : from.histograms[i]);
    }
    if (has_start_timestamps) {
      start_timestamps.push_back(from.start_timestamps.empty() ? 0 : from.start_timestamps[i]);
    }
  }

  SampleColumns Columns(std::uint64_t id) const {
    return {times, values, id, histograms, start_timestamps};
  }
};

// What a part gives of a selection.
struct PartSeries {
  std::unique_ptr<SeriesSet> set;
  // Parts with equal numberings.
  std::optional<SeriesNumbering> numbering;
};

class MergeSeriesSet final : public SeriesSet {
 public:
  MergeSeriesSet(std::shared_ptr<ColumnIds> ids, std::vector<PartSeries> parts,
                 std::size_t series_count_max)
      : ids_(std::move(ids)), series_count_max_(series_count_max) {
    for (std::size_t i = 0; i < parts.size(); ++i) {
      cursors_.push_back({std::move(parts[i].set), i, parts[i].numbering});
    }
    for (Cursor& cursor : cursors_) current_.push_back(&cursor);
  }

  bool Next() override {
    if (AdvanceTogether()) return true;
    for (Cursor* cursor : current_) Enqueue(*cursor);
    current_.clear();
    if (error_ || waiting_.empty()) return false;
    if (series_count_max_ > 0 && given_count_ == series_count_max_) return false;
    ++given_count_;
    do {
      std::ranges::pop_heap(waiting_, IsLater);
      current_.push_back(waiting_.back());
      waiting_.pop_back();
    } while (!waiting_.empty() && IsSame(*waiting_.front(), *current_.front()));
    // By part, since the earlier one's samples hold.
    std::ranges::sort(current_, {}, &Cursor::part);
    return true;
  }

  // Of the last part: where parts number their series apart, it has read them to be compared.
  const model::LabelSet& labels() const override { return current_.back()->set->labels(); }
  Status status() const override { return error_ ? Status(*error_) : Ok(); }

  bool is_cuttable() const override {
    return series_count_max_ == 0 && std::ranges::all_of(cursors_, [](const Cursor& cursor) {
             return cursor.set->is_cuttable();
           });
  }
  std::size_t remaining_count() const override { return Longest().set->remaining_count(); }
  model::LabelSet LabelsAhead(std::size_t index) const override {
    return Longest().set->LabelsAhead(index);
  }
  std::unique_ptr<SeriesSet> TakeAhead(std::size_t count) override {
    std::vector<PartSeries> parts;
    const std::vector<std::size_t> counts = CountsAhead(count);
    for (std::size_t i = 0; i < cursors_.size(); ++i) {
      parts.push_back({cursors_[i].set->TakeAhead(counts[i]), cursors_[i].numbering});
    }
    return std::make_unique<MergeSeriesSet>(ids_, std::move(parts), 0);
  }

  Result<SampleColumns> samples() override {
    columns_.clear();
    key_.clear();
    bool has_id = true;
    for (Cursor* cursor : current_) {
      NARTHEX_ASSIGN_OR_RETURN(const SampleColumns columns, cursor->set->samples());
      if (columns.timestamps.empty()) continue;
      columns_.push_back({cursor->part, columns});
      key_.emplace_back(cursor->part, columns.time_column_id);
      has_id = has_id && columns.time_column_id != 0;
    }
    if (columns_.empty()) return SampleColumns{};
    const std::uint64_t id = has_id ? IdOfKey() : 0;
    if (columns_.size() == 1) {
      SampleColumns only = columns_[0].columns;
      only.time_column_id = id;
      return only;
    }
    std::ranges::sort(columns_, {}, &PartColumns::first);
    const bool is_apart = std::ranges::adjacent_find(columns_, [](const auto& a, const auto& b) {
                            return a.last() >= b.first();
                          }) == columns_.end();
    out_.Begin(columns_);
    if (is_apart) {
      Concatenate(id);
    } else {
      MergeOverlapping();
    }
    return out_.Columns(id);
  }

 private:
  struct Cursor {
    std::unique_ptr<SeriesSet> set;
    std::size_t part;
    std::optional<SeriesNumbering> numbering;

    bool NumbersAs(const Cursor& other) const {
      return numbering && other.numbering && *numbering == *other.numbering;
    }
  };

  static bool IsSame(const Cursor& a, const Cursor& b) {
    if (a.NumbersAs(b)) return a.set->number() == b.set->number();
    return a.set->labels() == b.set->labels();
  }
  static bool IsBefore(const Cursor& a, const Cursor& b) {
    if (a.NumbersAs(b)) return a.set->number() < b.set->number();
    return a.set->labels() < b.set->labels();
  }
  static bool IsLater(const Cursor* a, const Cursor* b) { return IsBefore(*b, *a); }

  const Cursor& Longest() const {
    return *std::ranges::max_element(
        cursors_, {}, [](const Cursor& cursor) { return cursor.set->remaining_count(); });
  }

  // How many each part has of the next `count` series of the longest.
  std::vector<std::size_t> CountsAhead(std::size_t count) const {
    std::vector<std::size_t> counts;
    const Cursor& longest = Longest();
    if (count < longest.set->remaining_count()) {
      const model::LabelSet end = longest.set->LabelsAhead(count);
      const std::uint64_t end_number = longest.set->NumberAhead(count);
      for (const Cursor& cursor : cursors_) {
        const SeriesSet& set = *cursor.set;
        const auto before =
            cursor.NumbersAs(longest)
                ? CountBefore(set, count,
                              [&](std::size_t i) -> std::optional<bool> {
                                return set.NumberAhead(i) < end_number;
                              })
                : CountBefore(set, count, [&](std::size_t i) -> std::optional<bool> {
                    const model::LabelSet labels = set.LabelsAhead(i);
                    if (labels.empty() || end.empty()) return std::nullopt;
                    return labels < end;
                  });
        if (!before) break;
        counts.push_back(*before);
      }
      if (counts.size() == cursors_.size()) return counts;
    }
    // The rest; or a series has gone and where the others stand cannot be told: all in one.
    counts.clear();
    for (const Cursor& cursor : cursors_) counts.push_back(cursor.set->remaining_count());
    return counts;
  }

  // How many of those that follow are before the end, which is about `guess`; `is_before(i)` tells
  // it of the i-th, or that it cannot be told.
  template <typename IsBeforeEnd>
  static std::optional<std::size_t> CountBefore(const SeriesSet& set, std::size_t guess,
                                                const IsBeforeEnd& is_before) {
    std::size_t low = 0;
    std::size_t high = set.remaining_count();
    for (int probe_count = 0; low < high; ++probe_count) {
      // Mostly the parts have the same series, and two looks around the guess suffice.
      std::size_t at = low + (high - low) / 2;
      if (probe_count == 0 && guess > 0) at = std::min(guess, high) - 1;
      if (probe_count == 1) at = std::clamp(guess, low, high - 1);
      const std::optional<bool> is_low = is_before(at);
      if (!is_low) return std::nullopt;
      if (*is_low) {
        low = at + 1;
      } else {
        high = at;
      }
    }
    return low;
  }

  std::uint64_t IdOfKey() {
    if (key_ != last_key_ || last_id_ == 0) {
      last_key_ = key_;
      last_id_ = ids_->IdOf(key_);
    }
    return last_id_;
  }

  // Moves the cursors at the label set given out, and forgets those that are at their end. True if
  // they all are at the next one again, and nobody else is: mostly every part has every series.
  bool AdvanceTogether() {
    std::erase_if(current_, [this](Cursor* cursor) { return !Advance(*cursor); });
    const bool is_limited = series_count_max_ > 0 && given_count_ == series_count_max_;
    if (error_ || current_.empty() || is_limited) return false;
    const Cursor& first = *current_.front();
    for (std::size_t i = 1; i < current_.size(); ++i) {
      // Each with the one before: neighbours mostly have numbers in common.
      if (!IsSame(*current_[i], *current_[i - 1])) return false;
    }
    if (!waiting_.empty() && !IsBefore(first, *waiting_.front())) return false;
    ++given_count_;
    return true;
  }

  bool Advance(Cursor& cursor) {
    if (cursor.set->Next()) return true;
    if (Status status = cursor.set->status(); !status.ok() && !error_) {
      error_ = std::move(status).error();
    }
    return false;
  }

  void Enqueue(Cursor& cursor) {
    waiting_.push_back(&cursor);
    std::ranges::push_heap(waiting_, IsLater);
  }

  void Concatenate(std::uint64_t id) {
    // Most series have the times of the one before.
    const bool has_times = id != 0 && id == out_.times_id;
    for (const PartColumns& c : columns_) out_.AddAll(c.columns, has_times);
    out_.times_id = id;
  }

  void MergeOverlapping() {
    struct Entry {
      model::TimestampMs time;
      std::size_t part;  // place in `columns_`
      std::size_t index;
    };
    std::vector<Entry> entries;
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      const auto times = columns_[c].columns.timestamps;
      for (std::size_t i = 0; i < times.size(); ++i) entries.push_back({times[i], c, i});
    }
    std::ranges::sort(entries, [&](const Entry& a, const Entry& b) {
      return a.time != b.time ? a.time < b.time : columns_[a.part].part < columns_[b.part].part;
    });
    out_.times_id = 0;
    const Entry* last = nullptr;
    for (const Entry& entry : entries) {
      if (last == nullptr || last->time != entry.time) {
        out_.AddOne(columns_[entry.part].columns, entry.index);
      }
      last = &entry;
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
  ColumnIds::Key key_;       // of `columns_`
  ColumnIds::Key last_key_;  // most series have the key of the one before
  std::uint64_t last_id_ = 0;
  MergedColumns out_;
};

Result<LabelList> Merge(std::vector<LabelList> lists, const ListHints& hints) {
  LabelList merged;
  for (LabelList& list : lists) {
    merged.is_truncated = merged.is_truncated || list.is_truncated;
    // Mostly the parts have the same.
    if (list.entries == merged.entries) continue;
    NARTHEX_ASSIGN_OR_RETURN(
        merged.entries,
        UniteWhileAlive(std::move(merged.entries), std::move(list.entries), hints.check_alive));
  }
  merged.entries.erase(std::unique(merged.entries.begin(), merged.entries.end()),
                       merged.entries.end());
  if (hints.limit > 0 && merged.entries.size() > hints.limit) {
    merged.entries.resize(hints.limit);
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
    // Whole label sets tell which series of the parts are the same.
    sorted.label_names = nullptr;
    std::vector<PartSeries> series;
    for (const auto& part : parts_) {
      NARTHEX_ASSIGN_OR_RETURN(auto set, part->Select(matchers, sorted));
      series.push_back({std::move(set), part->numbering()});
    }
    return std::make_unique<MergeSeriesSet>(ids_, std::move(series), hints.series_count_max);
  }

  Result<LabelList> LabelNames(std::span<const model::Matcher> matchers,
                               const ListHints& hints) override {
    std::vector<LabelList> lists;
    for (const auto& part : parts_) {
      NARTHEX_ASSIGN_OR_RETURN(LabelList list, part->LabelNames(matchers, hints));
      lists.push_back(std::move(list));
    }
    return Merge(std::move(lists), hints);
  }

  Result<LabelList> LabelValues(std::string_view name, std::span<const model::Matcher> matchers,
                                const ListHints& hints) override {
    std::vector<LabelList> lists;
    for (const auto& part : parts_) {
      NARTHEX_ASSIGN_OR_RETURN(LabelList list, part->LabelValues(name, matchers, hints));
      lists.push_back(std::move(list));
    }
    return Merge(std::move(lists), hints);
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
