// The values of a name in order of their texts, made when somebody asks for a prefix again.
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "series_tables.h"

namespace narthex::index {

// What one reader sees; lives on when another reader replaces the order in the name's entry.
class SortedValues {
 public:
  SortedValues() = default;

  // Makes the order, or brings it up to date, if that pays. Under the lock that guards the entry
  // against other readers.
  static SortedValues Of(NameEntry& entry);
  // The order as it is.
  static SortedValues Known(const NameEntry& entry);

  bool is_there() const { return sorted_ != nullptr; }
  std::span<const ValueId> WithPrefix(std::string_view prefix) const;
  // Values that are not in the order yet.
  std::span<const ValueId> fresh() const { return fresh_; }

 private:
  explicit SortedValues(const NameEntry& entry)
      : values_(&entry.values),
        sorted_(entry.sorted),
        fresh_(std::span(entry.fresh).subspan(entry.merged_count)) {}

  const ValueSlots* values_ = nullptr;
  std::shared_ptr<const std::vector<ValueId>> sorted_;  // shared with the entry and other readers
  std::span<const ValueId> fresh_;
};

// All values of the entry in order of their texts.
std::vector<ValueId> SortValues(const ValueSlots& values);

}  // namespace narthex::index
