// The values that given series have of one name.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "base/alive.h"
#include "index/label_index.h"
#include "record.h"

namespace narthex::index {

// Reads one value after the other from the records of series.
class CandidateValues {
 public:
  CandidateValues(const LabelIndex& index, NameId name) : index_(index), name_(name) {}

  enum class Found { kValue, kNoValue, kNoSeries };
  // Of the series; value() is its value if it has one.
  Found Look(SeriesId id) {
    RecordReader record(index_.Record(id));
    const auto shape = record.Next();
    if (!shape) return Found::kNoSeries;
    if (!has_shape_ || *shape != shape_) Enter(*shape);
    if (place_ == shape_size_) return Found::kNoValue;
    record.Skip(place_);
    const auto value = record.Next();
    if (!value) return Found::kNoValue;
    value_ = *value;
    return Found::kValue;
  }
  ValueId value() const { return value_; }

 private:
  void Enter(ShapeId shape) {
    const ShapeView view = index_.Shape(shape);
    shape_ = shape;
    has_shape_ = true;
    shape_size_ = view.size();
    place_ = view.Find(name_);
  }

  const LabelIndex& index_;
  const NameId name_;
  // The last shape met: neighbours mostly have the same.
  bool has_shape_ = false;
  ShapeId shape_ = 0;
  std::size_t shape_size_ = 0;
  std::size_t place_ = 0;
  ValueId value_ = 0;
};

// Drops the ids of series whose value the matcher does not accept, and of those that are gone. Each
// id is a unit of `meter`; where that stops, nothing holds of what is left.
void KeepMatching(const LabelIndex& index, const model::Matcher& matcher,
                  std::vector<SeriesId>& ids, AliveMeter& meter);

// The values of `name` that the series have, each once, in any order; not all of them where `meter`
// stops, whose units are series.
std::vector<ValueId> DistinctValues(const LabelIndex& index, NameId name,
                                    std::span<const SeriesId> ids, AliveMeter& meter);

}  // namespace narthex::index
