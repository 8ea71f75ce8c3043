// Label sets in memory: names, values, shapes, records and posting lists.
#pragma once

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "index/label_index.h"
#include "record_store.h"
#include "value_slots.h"

namespace narthex::index {

struct NameEntry {
  std::string text;
  ValueSlots values;
  std::size_t series_count = 0;
  std::size_t value_bytes = 0;

  // Values in order of their texts, once somebody asked for it; and those that came later, from
  // `merged_count` on in no order. The owner of the tables guards all three.
  std::shared_ptr<const std::vector<ValueId>> sorted;
  std::vector<ValueId> fresh;
  std::size_t merged_count = 0;
  std::uint32_t scan_count = 0;  // how often all values were looked at for a prefix
};

// What IndexWriter and MemoryIndex are made of. Not thread-safe.
class SeriesTables {
 public:
  SeriesTables();
  SeriesTables(const SeriesTables&) = delete;
  SeriesTables& operator=(const SeriesTables&) = delete;

  // Ids ascend from call to call.
  void Add(SeriesId id, const model::LabelSet& labels);
  // `ids` ascending, all of them there.
  void Remove(std::span<const SeriesId> ids);

  std::optional<NameId> FindName(std::string_view name) const;
  std::optional<ValueId> FindValue(NameId name, std::string_view value) const;
  // Null if there is none.
  const NameEntry* Name(NameId name) const {
    return name < names_.size() ? names_[name].get() : nullptr;
  }
  NameEntry* Name(NameId name) { return name < names_.size() ? names_[name].get() : nullptr; }
  std::size_t name_end() const { return names_.size(); }
  ShapeView Shape(ShapeId shape) const;
  std::size_t shape_end() const { return shapes_.size(); }
  const RecordStore& records() const { return records_; }
  bool has_removed() const { return removed_posting_count_ > 0; }
  bool IsEqual(SeriesId id, const model::LabelSet& labels) const;

 private:
  // A value found by its name and text.
  struct ValueKey {
    std::uint64_t hash;
    NameId name;
    std::string_view text;
  };
  using ValueRef = std::uint64_t;  // name, then value
  struct ValueRefHash {
    using is_transparent = void;
    using is_avalanching = void;
    const SeriesTables* tables;
    std::size_t operator()(ValueRef ref) const;
    std::size_t operator()(const ValueKey& key) const { return key.hash; }
  };
  struct ValueRefEqual {
    using is_transparent = void;
    const SeriesTables* tables;
    bool operator()(ValueRef a, ValueRef b) const { return a == b; }
    bool operator()(ValueRef ref, const ValueKey& key) const;
    bool operator()(const ValueKey& key, ValueRef ref) const { return (*this)(ref, key); }
  };
  using ValueSet = boost::unordered_flat_set<ValueRef, ValueRefHash, ValueRefEqual>;
  struct TextHash {
    using is_avalanching = void;
    std::size_t operator()(std::string_view text) const { return Hash64(text); }
  };
  // Where a label of a series is.
  struct LabelPlace {
    NameId name = 0;
    ValueId value = 0;
    NameEntry* entry = nullptr;
    ValueSlot* slot = nullptr;
  };
  struct ShapeEntry {
    std::string names;  // as ShapeView has them
    std::size_t series_count = 0;
  };
  // Shares grow one by one: none takes long.
  static constexpr std::size_t kShareCount = 64;
  static constexpr int kShareShift = 58;

  static ValueRef RefOf(NameId name, ValueId value) { return std::uint64_t{name} << 32 | value; }
  std::string_view TextOf(ValueRef ref) const {
    return names_[ref >> 32]->values.At(static_cast<ValueId>(ref)).text();
  }
  LabelPlace AcquireLabel(const model::Label& label, const LabelPlace* of_same_name);
  NameId AcquireName(std::string_view name);
  ValueId AcquireValue(NameId name, std::string_view value);
  ShapeId AcquireShape();
  void RemoveLabels(SeriesId id);
  void DropValue(ValueRef ref);
  void DropName(NameId name);

  std::vector<std::unique_ptr<NameEntry>> names_;
  std::vector<NameId> free_names_;
  boost::unordered_flat_map<std::string_view, NameId, TextHash> name_ids_;  // views of names_
  std::vector<ValueSet> values_;
  std::vector<ShapeEntry> shapes_;
  std::vector<ShapeId> free_shapes_;
  boost::unordered_flat_map<std::string, ShapeId> shape_ids_;
  RecordStore records_;
  std::size_t removed_posting_count_ = 0;

  // Of the series added last: neighbours mostly have the same names, and most of the values. Its
  // labels are forgotten when series are removed.
  ShapeId last_shape_ = 0;
  std::string last_encoded_;
  std::vector<LabelPlace> last_labels_;
  // What an Add or Remove works on; members for their memory.
  std::string shape_scratch_;
  std::string record_scratch_;
  std::string values_scratch_;
  std::vector<LabelPlace> fresh_labels_;
  std::vector<ValueRef> emptied_;
  std::vector<ValueRef> due_;
};

}  // namespace narthex::index
