// What an index answers, and the selection of series by matchers.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/alive.h"
#include "base/result.h"
#include "index/posting_list.h"
#include "model/labels.h"
#include "model/matcher.h"

namespace narthex::index {

// Of a label name within one index; of a value among those of its name; of a list of names.
using NameId = std::uint32_t;
using ValueId = std::uint32_t;
using ShapeId = std::uint32_t;

// The label names of a series, in their order. Does not own the bytes.
class ShapeView {
 public:
  ShapeView() = default;
  explicit ShapeView(std::string_view bytes) : bytes_(bytes) {}

  std::size_t size() const { return bytes_.size() / 4; }
  // `i` is below size().
  NameId At(std::size_t i) const {
    const auto* bytes = reinterpret_cast<const unsigned char*>(bytes_.data()) + i * 4;
    return NameId{bytes[0]} | NameId{bytes[1]} << 8 | NameId{bytes[2]} << 16 |
           NameId{bytes[3]} << 24;
  }
  // The place of `name`, or size().
  std::size_t Find(NameId name) const;

 private:
  std::string_view bytes_;  // little-endian
};

// Reading is safe from many threads as long as nobody changes the index. Views and cursors live
// until it is changed.
class LabelIndex {
 public:
  virtual ~LabelIndex() = default;

  virtual std::size_t series_count() const = 0;
  // Of all series, ascending.
  virtual std::vector<SeriesId> All() const = 0;
  // Errors: kCorruption  a read met damage: what was answered since may lack something
  virtual Status status() const { return Ok(); }

  std::size_t ValueCount(std::string_view name) const;
  // The series' value of `name`, empty if it has none.
  std::string_view ValueOf(SeriesId id, std::string_view name) const;
  // Empty if there is no such series.
  model::LabelSet Labels(SeriesId id) const;

  // In any order, each once, with the number of series.
  using Visitor = std::function<void(std::string_view, std::size_t series_count)>;
  void VisitNames(const Visitor& visit) const;
  void VisitValues(std::string_view name, const Visitor& visit) const;

  // What selection is made of. Numbers that are not in the index give something empty.
  struct NameCounts {
    std::size_t series_count = 0;  // that have the name
    std::size_t value_count = 0;
    ValueId value_end = 0;  // numbers of values are below it
  };
  virtual std::vector<NameId> Names() const = 0;
  virtual std::optional<NameId> FindName(std::string_view name) const = 0;
  virtual std::optional<ValueId> FindValue(NameId name, std::string_view value) const = 0;
  virtual std::string_view NameText(NameId name) const = 0;
  virtual std::string_view ValueText(NameId name, ValueId value) const = 0;
  virtual NameCounts Counts(NameId name) const = 0;
  virtual PostingView Postings(NameId name, ValueId value) const = 0;
  // Values that begin with `prefix`, in any order; and how many VisitPrefix would look at.
  // A visitor that answers false is told no more.
  using ValueVisitor = std::function<bool(ValueId, std::string_view)>;
  virtual void VisitPrefix(NameId name, std::string_view prefix,
                           const ValueVisitor& visit) const = 0;
  virtual std::size_t PrefixCost(NameId name, std::string_view prefix) const = 0;
  // Varints: a shape, then a value for each of its names. Empty if there is no such series.
  virtual std::string_view Record(SeriesId id) const = 0;
  virtual ShapeView Shape(ShapeId shape) const = 0;
  // Whether posting lists may name series that are gone.
  virtual bool has_removed() const { return false; }
  // Puts series in order of their label sets. After an error the ids are lost.
  // Errors: those of `check`
  virtual Status SortByLabels(std::vector<SeriesId>& ids, const AliveCheck& check = {}) const;
};

// Label sets of series one after the other: those that have labels in common with the series before
// take less time. Not thread-safe; the index must not change between calls.
class LabelReader {
 public:
  // Reads whole label sets, or only the labels of `names` if that is not null. Neither is copied.
  explicit LabelReader(const LabelIndex& index, const std::vector<std::string>* names = nullptr);

  // Empty if there is no such series.
  model::LabelSet Read(SeriesId id);

 private:
  // A label of the series before, by its place in the shape.
  struct Place {
    NameId name = 0;
    ValueId value = 0;
    bool is_wanted = false;
    bool is_known = false;  // `label` is that of `value`
    model::Label label;
  };
  void Use(ShapeId shape);

  const LabelIndex& index_;
  const bool has_all_;
  std::vector<NameId> names_;  // those wanted that the index has
  bool has_shape_ = false;
  ShapeId shape_ = 0;
  std::vector<Place> places_;
  std::vector<model::Label> labels_;
};

// `check` is asked every thousand values or series, perhaps under the lock that guards the index:
// it must not take locks of its own.

// The series that all matchers accept, ascending; all series if there is no matcher.
// Errors: those of `check`
Result<std::vector<SeriesId>> SelectSeries(const LabelIndex& index,
                                           std::span<const model::Matcher> matchers,
                                           const AliveCheck& check = {});

// Names, or values of `name`, of the series that all matchers accept; sorted, each once.
// Errors: those of `check`
Result<std::vector<std::string>> SelectNames(const LabelIndex& index,
                                             std::span<const model::Matcher> matchers,
                                             const AliveCheck& check = {});
Result<std::vector<std::string>> SelectValues(const LabelIndex& index, std::string_view name,
                                              std::span<const model::Matcher> matchers,
                                              const AliveCheck& check = {});

}  // namespace narthex::index
