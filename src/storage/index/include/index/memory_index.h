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
// Not thread-safe: one writer or many readers. Memory: about 20 bytes a label and 25 bytes a
// series, and each distinct name and value once. Ids are given out ascending and never twice.
class MemoryIndex final : public LabelIndex {
 public:
  MemoryIndex();
  ~MemoryIndex() override;
  MemoryIndex(const MemoryIndex&) = delete;
  MemoryIndex& operator=(const MemoryIndex&) = delete;

  std::optional<SeriesId> Find(const model::LabelSet& labels) const;
  // The label set must not be in the index yet; ids must ascend from call to call.
  void Add(SeriesId id, const model::LabelSet& labels);
  // `ids` ascending. Ids that are not there are passed over.
  void Remove(std::span<const SeriesId> ids);

  std::size_t series_count() const override;
  std::vector<SeriesId> All() const override;
  std::vector<SeriesId> Postings(std::string_view name, std::string_view value) const override;
  std::vector<SeriesId> PostingsWhere(
      std::string_view name, std::string_view prefix,
      const std::function<bool(std::string_view)>& accepts) const override;
  std::size_t ValueCount(std::string_view name) const override;
  std::string_view ValueOf(SeriesId id, std::string_view name) const override;
  model::LabelSet Labels(SeriesId id) const override;
  void VisitNames(const Visitor& visit) const override;
  void VisitValues(std::string_view name, const Visitor& visit) const override;

  std::size_t symbol_count() const;
  std::size_t symbol_bytes() const;

 private:
  struct Tables;
  std::unique_ptr<Tables> tables_;
};

}  // namespace narthex::index
