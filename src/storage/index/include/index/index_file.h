// The index of a block: written once, read in place.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "index/label_index.h"

namespace narthex::index {

// Collects series and makes the bytes of an index of them. Not thread-safe. Memory: 25 bytes a
// series where labels are shared as those of targets are, and the payloads.
class IndexWriter {
 public:
  IndexWriter();
  ~IndexWriter();
  IndexWriter(const IndexWriter&) = delete;
  IndexWriter& operator=(const IndexWriter&) = delete;

  // In whatever order the block wants, which is the order of ids, from 0; no label set twice.
  // `payload` is what the block wants to know of the series.
  void Add(const model::LabelSet& labels, std::string_view payload);
  std::size_t series_count() const;

  // Errors: kResourceExhausted  a section would be larger than 4 GiB
  Result<std::string> Finish();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

// Reads an index. Thread-safe. Memory: its names; the bytes must outlive it and should be a map of
// the file.
//
// Opening reads little more than the footer, unless the file is small. Bytes are checked before
// they are first read; a read that meets damage gives something empty, and from then on status()
// is an error.
class IndexFile final : public LabelIndex {
 public:
  // Errors: kCorruption
  static Result<std::unique_ptr<IndexFile>> Open(std::string_view bytes);
  ~IndexFile() override;

  // Checks every checksum, also those that passed before.
  // Errors: kCorruption
  Status Verify() const;

  std::string_view Payload(SeriesId id) const;

  // Hashes of all that tells which label set has which id: indexes in which they are equal number
  // the same series alike, in order of labels. Of this process only. Empty for files that are not
  // read as a whole when they are opened, or have another order.
  using Numbering = std::array<std::uint64_t, 2>;
  std::optional<Numbering> numbering() const;

  std::size_t series_count() const override;
  std::vector<SeriesId> All() const override;
  Status status() const override;
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
  // Quicker than comparing labels: the file says which place each series has.
  Status SortByLabels(std::vector<SeriesId>& ids, const AliveCheck& check = {}) const override;

 private:
  struct Parts;
  explicit IndexFile(std::unique_ptr<Parts> parts);
  Status ReadNames();
  struct ValueRange;
  ValueRange RangeOf(NameId name, std::string_view prefix) const;

  std::unique_ptr<Parts> parts_;
};

}  // namespace narthex::index
