// The index of a block: written once, read in place.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "index/label_index.h"

namespace narthex::index {

// Collects series and makes the bytes of an index of them. Not thread-safe.
class IndexWriter {
 public:
  // Label sets must ascend from call to call. `payload` is what the block wants to know of the
  // series; ids are given out from 0.
  void Add(const model::LabelSet& labels, std::string_view payload);
  std::size_t series_count() const { return entries_.size(); }

  // Errors: kResourceExhausted  a section would be larger than 4 GiB
  Result<std::string> Finish();

 private:
  using Symbol = std::uint32_t;
  struct Entry {
    std::vector<std::pair<Symbol, Symbol>> labels;
    std::string payload;
  };
  Symbol Intern(std::string_view text);
  std::string MakeSymbols(std::vector<Symbol>& new_numbers) const;
  std::string MakeSeries() const;
  std::string MakePostings() const;

  std::map<std::string, Symbol, std::less<>> symbols_;  // numbered as they come, until Finish()
  std::vector<Entry> entries_;
};

// Reads an index. Immutable, thread-safe. Memory: none but the object; the bytes must outlive it.
class IndexFile final : public LabelIndex {
 public:
  // Checks the checksum of every section and the bounds of every table.
  // Errors: kCorruption
  static Result<std::unique_ptr<IndexFile>> Open(std::string_view bytes);

  std::string_view Payload(SeriesId id) const;

  std::size_t series_count() const override { return series_.count(); }
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

 private:
  // Byte strings one after the other, found by their ends.
  class Strings {
   public:
    static Result<Strings> Open(std::string_view section);
    std::size_t count() const { return count_; }
    std::string_view At(std::size_t i) const;

   private:
    std::string_view ends_;
    std::string_view bytes_;
    std::size_t count_ = 0;
  };
  // A posting list's place: under one name and value.
  struct ListEntry {
    std::uint32_t name = 0;
    std::uint32_t value = 0;
    std::uint32_t end = 0;
    std::uint32_t count = 0;
  };
  struct ListRange {
    std::size_t begin = 0;
    std::size_t end = 0;
  };

  IndexFile() = default;
  Status OpenPostings(std::string_view section);
  ListEntry ListAt(std::size_t i) const;
  ListRange ListsOf(std::string_view name) const;
  ListRange ListsWithPrefix(std::string_view name, std::string_view prefix) const;
  void AppendList(std::size_t i, std::vector<SeriesId>& out) const;
  template <typename Visit>
  void VisitLabels(SeriesId id, Visit visit) const;

  Strings symbols_;
  Strings series_;
  std::string_view list_table_;
  std::string_view list_bytes_;
  std::size_t list_count_ = 0;
};

}  // namespace narthex::index
