#include "series_tables.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/check.h"
#include "record.h"

namespace narthex::index {

std::size_t SeriesTables::ValueRefHash::operator()(ValueRef ref) const {
  return Hash64(tables->TextOf(ref), ref >> 32);
}

bool SeriesTables::ValueRefEqual::operator()(ValueRef ref, const ValueKey& key) const {
  return ref >> 32 == key.name && tables->TextOf(ref) == key.text;
}

SeriesTables::SeriesTables() {
  values_.reserve(kShareCount);
  for (std::size_t i = 0; i < kShareCount; ++i) {
    values_.emplace_back(0, ValueRefHash{this}, ValueRefEqual{this});
  }
}

std::optional<NameId> SeriesTables::FindName(std::string_view name) const {
  const auto found = name_ids_.find(name);
  if (found == name_ids_.end()) return std::nullopt;
  return found->second;
}

std::optional<ValueId> SeriesTables::FindValue(NameId name, std::string_view value) const {
  const ValueKey key{Hash64(value, name), name, value};
  const ValueSet& share = values_[key.hash >> kShareShift];
  const auto found = share.find(key);
  if (found == share.end()) return std::nullopt;
  return static_cast<ValueId>(*found);
}

ShapeView SeriesTables::Shape(ShapeId shape) const {
  return shape < shapes_.size() ? ShapeView(shapes_[shape].names) : ShapeView();
}

bool SeriesTables::IsEqual(SeriesId id, const model::LabelSet& labels) const {
  RecordReader record(records_.At(id));
  const auto shape_id = record.Next();
  if (!shape_id) return false;
  const ShapeView shape = Shape(*shape_id);
  std::size_t i = 0;
  for (const model::Label& label : labels) {
    if (i == shape.size()) return false;
    const NameEntry& name = *names_[shape.At(i++)];
    const auto value = record.Next();
    if (name.text != label.name || name.values.At(*value).text() != label.value) return false;
  }
  return i == shape.size();
}

NameId SeriesTables::AcquireName(std::string_view name) {
  if (const auto known = FindName(name)) return *known;
  auto id = static_cast<NameId>(names_.size());
  if (free_names_.empty()) {
    names_.emplace_back();
  } else {
    id = free_names_.back();
    free_names_.pop_back();
  }
  names_[id] = std::make_unique<NameEntry>();
  names_[id]->text = name;
  name_ids_.emplace(names_[id]->text, id);
  return id;
}

ValueId SeriesTables::AcquireValue(NameId name, std::string_view value) {
  const ValueKey key{Hash64(value, name), name, value};
  ValueSet& share = values_[key.hash >> kShareShift];
  if (const auto found = share.find(key); found != share.end()) {
    return static_cast<ValueId>(*found);
  }
  NameEntry& entry = *names_[name];
  const ValueId id = entry.values.Add(value);
  entry.value_bytes += value.size();
  if (entry.sorted != nullptr) entry.fresh.push_back(id);
  share.insert(RefOf(name, id));
  return id;
}

// That of last_labels_.
ShapeId SeriesTables::AcquireShape() {
  shape_scratch_.clear();
  for (const LabelPlace& place : last_labels_) PutLittleEndian32(shape_scratch_, place.name);
  const auto found = shape_ids_.find(shape_scratch_);
  if (found != shape_ids_.end()) return found->second;
  auto id = static_cast<ShapeId>(shapes_.size());
  if (free_shapes_.empty()) {
    shapes_.emplace_back();
  } else {
    id = free_shapes_.back();
    free_shapes_.pop_back();
  }
  shapes_[id].names = shape_scratch_;
  shape_ids_.emplace(shape_scratch_, id);
  return id;
}

SeriesTables::LabelPlace SeriesTables::AcquireLabel(const model::Label& label,
                                                    const LabelPlace* of_same_name) {
  LabelPlace place;
  place.name = of_same_name != nullptr ? of_same_name->name : AcquireName(label.name);
  place.entry = of_same_name != nullptr ? of_same_name->entry : names_[place.name].get();
  place.value = AcquireValue(place.name, label.value);
  place.slot = &place.entry->values.At(place.value);
  return place;
}

void SeriesTables::Add(SeriesId id, const model::LabelSet& labels) {
  values_scratch_.clear();
  fresh_labels_.clear();
  // Labels are compared with those of the series before, which lie side by side: what they became
  // lies somewhere else for each.
  model::LabelSet::const_iterator before(last_encoded_);
  bool has_same_names = true;
  std::size_t i = 0;
  for (const model::Label& label : labels) {
    const LabelPlace* last = i < last_labels_.size() ? &last_labels_[i++] : nullptr;
    const bool has_same_name = last != nullptr && before->name == label.name;
    has_same_names = has_same_names && has_same_name;
    const LabelPlace place = has_same_name && before->value == label.value
                                 ? *last
                                 : AcquireLabel(label, has_same_name ? last : nullptr);
    if (last != nullptr) ++before;
    fresh_labels_.push_back(place);
    PutVarint(values_scratch_, place.value);
    place.slot->list.Append(id);
    ++place.entry->series_count;
  }
  const bool has_last_shape =
      has_same_names && fresh_labels_.size() == last_labels_.size() && !fresh_labels_.empty();
  last_labels_.swap(fresh_labels_);
  last_encoded_ = labels.encoded();
  if (!has_last_shape) last_shape_ = AcquireShape();
  ++shapes_[last_shape_].series_count;
  record_scratch_.clear();
  PutVarint(record_scratch_, last_shape_);
  record_scratch_.append(values_scratch_);
  records_.Add(id, record_scratch_);
}

void SeriesTables::Remove(std::span<const SeriesId> ids) {
  emptied_.clear();
  due_.clear();
  last_labels_.clear();
  last_encoded_.clear();
  for (const SeriesId id : ids) RemoveLabels(id);
  records_.Remove(ids);
  // Lists are made anew when a quarter of them is gone: whatever the number of ids in one call, the
  // work for each is the same.
  for (const ValueRef ref : due_) {
    PostingList& list = names_[ref >> 32]->values.At(static_cast<ValueId>(ref)).list;
    if (list.live_count() == 0) continue;
    removed_posting_count_ -= list.removed_count();
    list.Rebuild([this](SeriesId id) { return records_.Has(id); });
  }
  std::vector<NameId> touched;
  for (const ValueRef ref : emptied_) {
    if (touched.empty() || touched.back() != ref >> 32) {
      touched.push_back(static_cast<NameId>(ref >> 32));
    }
    DropValue(ref);
  }
  std::ranges::sort(touched);
  touched.erase(std::unique(touched.begin(), touched.end()), touched.end());
  for (const NameId name : touched) DropName(name);
}

void SeriesTables::RemoveLabels(SeriesId id) {
  RecordReader record(records_.At(id));
  const auto shape_id = record.Next();
  NARTHEX_CHECK(shape_id.has_value(), "only series that are there are removed");
  ShapeEntry& shape = shapes_[*shape_id];
  const ShapeView names(shape.names);
  for (std::size_t i = 0; i < names.size(); ++i) {
    const NameId name = names.At(i);
    const ValueId value = *record.Next();
    NameEntry& entry = *names_[name];
    --entry.series_count;
    PostingList& list = entry.values.At(value).list;
    ++removed_posting_count_;
    if (list.NoteRemoved()) due_.push_back(RefOf(name, value));
    if (list.live_count() == 0) emptied_.push_back(RefOf(name, value));
  }
  if (--shape.series_count > 0) return;
  shape_ids_.erase(shape.names);
  shape = ShapeEntry();
  free_shapes_.push_back(*shape_id);
}

void SeriesTables::DropValue(ValueRef ref) {
  NameEntry& entry = *names_[ref >> 32];
  const auto value = static_cast<ValueId>(ref);
  removed_posting_count_ -= entry.values.At(value).list.removed_count();
  entry.value_bytes -= entry.values.At(value).text().size();
  ValueSet& share = values_[ValueRefHash{this}(ref) >> kShareShift];
  share.erase(ref);
  // A table of which most is free is made anew.
  if (share.bucket_count() > 64 && share.size() * 4 < share.bucket_count()) share.rehash(0);
  entry.values.Remove(value);
}

void SeriesTables::DropName(NameId name) {
  NameEntry& entry = *names_[name];
  if (entry.values.size() == 0) {
    name_ids_.erase(entry.text);
    names_[name].reset();
    free_names_.push_back(name);
    return;
  }
  if (entry.sorted == nullptr) return;
  // A number may be given to another text: none that is free may stay.
  const auto is_gone = [&entry](ValueId id) { return !entry.values.Has(id); };
  auto sorted = std::make_shared<std::vector<ValueId>>(*entry.sorted);
  std::erase_if(*sorted, is_gone);
  entry.sorted = std::move(sorted);
  entry.fresh.erase(entry.fresh.begin(),
                    entry.fresh.begin() + static_cast<std::ptrdiff_t>(entry.merged_count));
  entry.merged_count = 0;
  std::erase_if(entry.fresh, is_gone);
}

}  // namespace narthex::index
