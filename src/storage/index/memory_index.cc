#include "index/memory_index.h"

#include <algorithm>

#include "base/mutex.h"
#include "hash_index.h"
#include "series_tables.h"
#include "sorted_values.h"

namespace narthex::index {

struct MemoryIndex::Tables {
  SeriesTables series;
  HashIndex by_labels;
  // Guards `sorted`, `merged_count` and `scan_count` of the names against other readers.
  mutable Mutex sorted_mutex;
};

MemoryIndex::MemoryIndex() : tables_(std::make_unique<Tables>()) {}
MemoryIndex::~MemoryIndex() = default;

std::optional<SeriesId> MemoryIndex::Find(const model::LabelSet& labels) const {
  return tables_->by_labels.Find(labels.Hash(),
                                 [&](SeriesId id) { return tables_->series.IsEqual(id, labels); });
}

void MemoryIndex::Add(SeriesId id, const model::LabelSet& labels) {
  AddLabels(id, labels);
  AddHash(id, labels.Hash());
}

void MemoryIndex::AddLabels(SeriesId id, const model::LabelSet& labels) {
  tables_->series.Add(id, labels);
}

void MemoryIndex::AddHash(SeriesId id, std::uint64_t hash) { tables_->by_labels.Insert(hash, id); }

bool MemoryIndex::TryAddHash(SeriesId id, std::uint64_t hash) {
  return tables_->by_labels.TryInsert(hash, id);
}

void MemoryIndex::PrefetchHash(std::uint64_t hash) const { tables_->by_labels.Prefetch(hash); }

void MemoryIndex::Remove(std::span<const SeriesId> ids) {
  std::vector<SeriesId> removed;
  removed.reserve(ids.size());
  for (const SeriesId id : ids) {
    if (!tables_->series.records().Has(id) || (!removed.empty() && removed.back() == id)) continue;
    tables_->by_labels.Erase(Labels(id).Hash(), id);
    removed.push_back(id);
  }
  tables_->series.Remove(removed);
}

std::size_t MemoryIndex::series_count() const { return tables_->series.records().size(); }
std::vector<SeriesId> MemoryIndex::All() const { return tables_->series.records().All(); }
std::string_view MemoryIndex::Record(SeriesId id) const { return tables_->series.records().At(id); }
ShapeView MemoryIndex::Shape(ShapeId shape) const { return tables_->series.Shape(shape); }
bool MemoryIndex::has_removed() const { return tables_->series.has_removed(); }

std::vector<NameId> MemoryIndex::Names() const {
  std::vector<NameId> names;
  for (NameId id = 0; id < tables_->series.name_end(); ++id) {
    if (tables_->series.Name(id) != nullptr) names.push_back(id);
  }
  return names;
}

std::optional<NameId> MemoryIndex::FindName(std::string_view name) const {
  return tables_->series.FindName(name);
}

std::optional<ValueId> MemoryIndex::FindValue(NameId name, std::string_view value) const {
  return tables_->series.FindValue(name, value);
}

std::string_view MemoryIndex::NameText(NameId name) const {
  const NameEntry* entry = tables_->series.Name(name);
  return entry == nullptr ? std::string_view() : std::string_view(entry->text);
}

std::string_view MemoryIndex::ValueText(NameId name, ValueId value) const {
  const NameEntry* entry = tables_->series.Name(name);
  if (entry == nullptr || !entry->values.Has(value)) return {};
  return entry->values.At(value).text();
}

LabelIndex::NameCounts MemoryIndex::Counts(NameId name) const {
  const NameEntry* entry = tables_->series.Name(name);
  if (entry == nullptr) return {};
  return {entry->series_count, entry->values.size(), entry->values.end()};
}

PostingView MemoryIndex::Postings(NameId name, ValueId value) const {
  const NameEntry* entry = tables_->series.Name(name);
  if (entry == nullptr || !entry->values.Has(value)) return {};
  return entry->values.At(value).list.view();
}

void MemoryIndex::VisitPrefix(NameId name, std::string_view prefix,
                              const ValueVisitor& visit) const {
  NameEntry* entry = tables_->series.Name(name);
  if (entry == nullptr) return;
  SortedValues sorted;
  if (!prefix.empty()) {
    MutexLock lock(tables_->sorted_mutex);
    sorted = SortedValues::Of(*entry);
  }
  if (!sorted.is_there()) {
    entry->values.VisitWhile([&](ValueId id, const ValueSlot& slot) {
      return !slot.text().starts_with(prefix) || visit(id, slot.text());
    });
    return;
  }
  for (const ValueId id : sorted.WithPrefix(prefix)) {
    if (!visit(id, entry->values.At(id).text())) return;
  }
  for (const ValueId id : sorted.fresh()) {
    const std::string_view text = entry->values.At(id).text();
    if (text.starts_with(prefix) && !visit(id, text)) return;
  }
}

std::size_t MemoryIndex::PrefixCost(NameId name, std::string_view prefix) const {
  const NameEntry* entry = tables_->series.Name(name);
  if (entry == nullptr) return 0;
  SortedValues sorted;
  if (!prefix.empty()) {
    MutexLock lock(tables_->sorted_mutex);
    sorted = SortedValues::Known(*entry);
  }
  if (!sorted.is_there()) return entry->values.size();
  return sorted.WithPrefix(prefix).size() + sorted.fresh().size();
}

std::size_t MemoryIndex::symbol_count() const {
  std::size_t count = 0;
  for (const NameId name : Names()) count += 1 + tables_->series.Name(name)->values.size();
  return count;
}

std::size_t MemoryIndex::symbol_bytes() const {
  std::size_t bytes = 0;
  for (const NameId name : Names()) {
    const NameEntry& entry = *tables_->series.Name(name);
    bytes += entry.text.size() + entry.value_bytes;
  }
  return bytes;
}

}  // namespace narthex::index
