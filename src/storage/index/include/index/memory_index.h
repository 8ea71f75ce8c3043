// The index of the head: grows with each new series, shrinks when series are removed.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "index/label_index.h"

namespace narthex::index {

// Label sets by id, ids by label set, and posting lists.
//
// Not thread-safe: one writer or many readers. Ids are given out ascending and never twice. Memory:
// 35 bytes a series where labels are shared as those of targets are; a value that only one series
// has takes about 65 bytes and its text. What is removed is given back: values and names at once,
// their places in longer lists when a quarter of the list is gone.
class MemoryIndex final : public LabelIndex {
 public:
  MemoryIndex();
  ~MemoryIndex() override;
  MemoryIndex(const MemoryIndex&) = delete;
  MemoryIndex& operator=(const MemoryIndex&) = delete;

  std::optional<SeriesId> Find(const model::LabelSet& labels) const;
  // The label set must not be in the index yet; ids must ascend from call to call and stay below
  // the largest number there is.
  void Add(SeriesId id, const model::LabelSet& labels);
  // The halves of Add, for who adds many: they touch nothing that the other one does, so each may
  // have a thread of its own. `hash` is labels.Hash().
  void AddLabels(SeriesId id, const model::LabelSet& labels);
  void AddHash(SeriesId id, std::uint64_t hash);
  // False, and nothing is done, if a label set of this hash may have been added; hardly ever false
  // if none was.
  bool TryAddHash(SeriesId id, std::uint64_t hash);
  // Calls into the cache what these two look at.
  void PrefetchHash(std::uint64_t hash) const;
  // `ids` ascending. Ids that are not there are passed over. The cost of each hangs neither on how
  // many one call has nor on the lengths of the lists it is in.
  void Remove(std::span<const SeriesId> ids);

  std::size_t series_count() const override;
  std::vector<SeriesId> All() const override;
  std::vector<NameId> Names() const override;
  std::optional<NameId> FindName(std::string_view name) const override;
  std::optional<ValueId> FindValue(NameId name, std::string_view value) const override;
  std::string_view NameText(NameId name) const override;
  std::string_view ValueText(NameId name, ValueId value) const override;
  NameCounts Counts(NameId name) const override;
  PostingView Postings(NameId name, ValueId value) const override;
  void VisitPrefix(NameId name, std::string_view prefix, const ValueVisitor& visit) const override;
  std::size_t PrefixCost(NameId name, std::string_view prefix) const override;
  std::string_view Record(SeriesId id) const override;
  ShapeView Shape(ShapeId shape) const override;
  bool has_removed() const override;

  // Names and values, each once for each name.
  std::size_t symbol_count() const;
  std::size_t symbol_bytes() const;

 private:
  struct Tables;
  std::unique_ptr<Tables> tables_;
};

}  // namespace narthex::index
