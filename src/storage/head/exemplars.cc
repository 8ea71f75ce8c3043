#include "exemplars.h"

#include <algorithm>
#include <map>

#include "counters.h"
#include "series_table.h"

namespace narthex::head {
namespace {

// Source: OpenMetrics 1.0, "Exemplars": the names and values of an exemplar's labels together.
constexpr std::ptrdiff_t kLabelLengthMax = 128;  // characters of UTF-8

std::ptrdiff_t CharacterCount(std::string_view text) {
  return std::ranges::count_if(
      text, [](char byte) { return (static_cast<unsigned char>(byte) & 0xc0) != 0x80; });
}

bool IsTooLong(const model::LabelSet& labels) {
  std::ptrdiff_t length = 0;
  for (const model::Label& label : labels) {
    length += CharacterCount(label.name) + CharacterCount(label.value);
  }
  return length > kLabelLengthMax;
}

bool Accepts(const std::vector<model::Matcher>& selector, const model::LabelSet& labels) {
  return std::ranges::all_of(selector, [&](const model::Matcher& matcher) {
    return matcher.Matches(labels.Get(matcher.name()));
  });
}

}  // namespace

ExemplarStore::Verdict ExemplarStore::Judge(std::uint64_t ref, const model::Exemplar& exemplar,
                                            const model::Exemplar* newest) const {
  if (IsTooLong(exemplar.labels)) return Verdict::kTooLong;
  MutexLock lock(mutex_);
  if (count_max_ == 0) return Verdict::kOff;
  if (newest == nullptr) {
    const auto known = series_.find(ref);
    if (known == series_.end()) return Verdict::kNew;
    newest = &known->second.exemplars.back();
  }
  // A scrape brings exemplars in order of time, value and labels. One that is not behind the newest
  // is one that was there before, or truly late: which of both is not worth a search.
  if (exemplar.timestamp != newest->timestamp) {
    return exemplar.timestamp > newest->timestamp ? Verdict::kNew : Verdict::kOutOfOrder;
  }
  if (!model::SameBits(exemplar.value, newest->value)) {
    return exemplar.value < newest->value ? Verdict::kOutOfOrder : Verdict::kNew;
  }
  if (exemplar.labels == newest->labels) return Verdict::kRepeat;
  return exemplar.labels < newest->labels ? Verdict::kOutOfOrder : Verdict::kNew;
}

bool ExemplarStore::Knows(std::uint64_t ref) const {
  MutexLock lock(mutex_);
  return series_.contains(ref);
}

void ExemplarStore::Add(std::uint64_t ref, model::LabelSet labels, model::Exemplar exemplar) {
  MutexLock lock(mutex_);
  if (count_max_ == 0) return;
  const auto [entry, is_new] = series_.try_emplace(ref);
  if (is_new) entry->second.labels = std::move(labels);
  entry->second.exemplars.push_back(std::move(exemplar));
  order_.push_back(ref);
  ++appended_count_;
  if (order_.size() > count_max_) DropOldest();
}

void ExemplarStore::DropOldest() {
  const auto series = series_.find(order_.front());
  order_.pop_front();
  series->second.exemplars.pop_front();
  if (series->second.exemplars.empty()) series_.erase(series);
}

void ExemplarStore::NoteOutOfOrder() {
  MutexLock lock(mutex_);
  ++out_of_order_count_;
}

void ExemplarStore::Resize(std::size_t count_max) {
  MutexLock lock(mutex_);
  count_max_ = count_max;
  while (order_.size() > count_max_) DropOldest();
}

std::vector<storage::SeriesExemplars> ExemplarStore::Select(
    model::TimeRange range, std::span<const std::vector<model::Matcher>> selectors) const {
  // A series that left memory and came back has two references.
  std::map<model::LabelSet, std::vector<model::Exemplar>> by_labels;
  {
    MutexLock lock(mutex_);
    for (const auto& [ref, series] : series_) {
      const auto accepts = [&](const auto& selector) { return Accepts(selector, series.labels); };
      if (!std::ranges::any_of(selectors, accepts)) continue;
      for (const model::Exemplar& exemplar : series.exemplars) {
        if (range.Contains(exemplar.timestamp)) by_labels[series.labels].push_back(exemplar);
      }
    }
  }
  std::vector<storage::SeriesExemplars> selected;
  for (auto& [labels, exemplars] : by_labels) {
    std::ranges::stable_sort(exemplars, {}, &model::Exemplar::timestamp);
    selected.push_back({labels, std::move(exemplars)});
  }
  return selected;
}

wal::ExemplarRecord ExemplarStore::All() const {
  MutexLock lock(mutex_);
  std::unordered_map<std::uint64_t, std::list<model::Exemplar>::const_iterator> next;
  wal::ExemplarRecord record;
  record.entries.reserve(order_.size());
  for (const std::uint64_t ref : order_) {
    const auto [entry, is_first] = next.try_emplace(ref);
    if (is_first) entry->second = series_.at(ref).exemplars.begin();
    record.entries.push_back({ref, *entry->second++});
  }
  return record;
}

ExemplarStats ExemplarStore::stats() const {
  MutexLock lock(mutex_);
  ExemplarStats stats;
  stats.count_max = count_max_;
  stats.count = order_.size();
  stats.series_count = series_.size();
  if (!order_.empty()) {
    stats.oldest = series_.at(order_.front()).exemplars.front().timestamp;
  }
  stats.appended_count = appended_count_;
  stats.out_of_order_count = out_of_order_count_;
  return stats;
}

void Head::CheckExemplars(const storage::Batch& batch, Accepted& accepted,
                          storage::AppendOutcome& outcome) {
  std::unordered_map<storage::SeriesRef, const model::Exemplar*> newest;
  for (const auto& [ref, exemplar] : batch.exemplars) {
    const Series* series = nullptr;
    {
      ReaderLock lock(index_mutex_);
      series = table_->Find(ref);
    }
    if (series == nullptr) continue;
    const model::Exemplar*& before = newest[ref];
    switch (exemplars_->Judge(ref, exemplar, before)) {
      case ExemplarStore::Verdict::kNew:
        ++outcome.exemplar_appended_count;
        accepted.exemplars.push_back({ref, exemplar});
        before = &exemplar;
        break;
      case ExemplarStore::Verdict::kRepeat:
        ++outcome.exemplar_appended_count;
        break;
      case ExemplarStore::Verdict::kOutOfOrder:
        ++outcome.exemplar_out_of_order_count;
        exemplars_->NoteOutOfOrder();
        break;
      case ExemplarStore::Verdict::kTooLong:
      case ExemplarStore::Verdict::kOff:
        break;
    }
  }
}

void Head::ApplyExemplars(const Accepted& accepted) {
  for (const auto& [ref, exemplar] : accepted.exemplars) {
    model::LabelSet labels;
    if (!exemplars_->Knows(ref)) {
      ReaderLock lock(index_mutex_);
      labels = table_->index().Labels(static_cast<index::SeriesId>(ref));
    }
    exemplars_->Add(ref, std::move(labels), exemplar);
  }
}

void Head::SetExemplarLimit(std::size_t count_max) { exemplars_->Resize(count_max); }

Result<std::vector<storage::SeriesExemplars>> Head::SelectExemplars(
    model::TimeRange range, std::span<const std::vector<model::Matcher>> selectors) {
  return exemplars_->Select(range, selectors);
}

}  // namespace narthex::head
