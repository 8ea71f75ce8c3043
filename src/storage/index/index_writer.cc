#include <algorithm>
#include <numeric>

#include "base/bytes.h"
#include "base/hash.h"
#include "groups.h"
#include "index/index_file.h"
#include "index_format.h"
#include "record.h"
#include "series_tables.h"
#include "sorted_values.h"

namespace narthex::index {
namespace {

// The count and the tokens, with skips in between where the list is long.
void PutPostings(std::string& out, const PostingView& list) {
  PutVarint(out, std::uint64_t{list.count} << 1 | (list.skips.empty() ? 0 : 1));
  if (!list.skips.empty()) PutVarint(out, list.skips.size() / kSkipSize);
  out.append(list.skips).append(list.tokens);
}

// Turns what was collected into sections, in order of names and values.
class IndexMaker {
 public:
  IndexMaker(const SeriesTables& tables, std::size_t series_count)
      : tables_(tables), series_count_(series_count) {}

  std::array<std::string, kSectionCount> MakeSections(const GroupsWriter& payloads) {
    MakeNames();
    MakeShapes();
    const std::vector<std::uint32_t> ranks = MakeRanks();
    flags_ = ranks.empty() ? 0 : kHasRanks;
    return {names_.Finish(),  values_.Finish(),   postings_.Finish(),
            shapes_.Finish(), MakeRecords(ranks), payloads.Finish()};
  }
  std::uint32_t flags() const { return flags_; }

 private:
  void MakeNames() {
    std::vector<NameId> order;
    for (NameId id = 0; id < tables_.name_end(); ++id) order.push_back(id);
    std::ranges::sort(order, {},
                      [this](NameId id) { return std::string_view(tables_.Name(id)->text); });
    name_numbers_.resize(order.size());
    value_places_.resize(order.size());
    first_values_.resize(order.size());
    std::string item;
    for (const NameId id : order) {
      const NameEntry& entry = *tables_.Name(id);
      name_numbers_[id] = names_.count();
      first_values_[id] = values_.count();
      item.clear();
      PutVarint(item, entry.series_count);
      PutVarint(item, values_.count());
      PutVarint(item, entry.values.size());
      names_.Add(item.append(entry.text));
      MakeValues(entry, value_places_[id]);
    }
  }

  void MakeValues(const NameEntry& entry, std::vector<ValueId>& places) {
    places.resize(entry.values.end());
    ValueId next = 0;
    std::string item;
    for (const ValueId id : SortValues(entry.values)) {
      const ValueSlot& slot = entry.values.At(id);
      places[id] = next++;
      values_.Add(slot.text());
      item.clear();
      PutPostings(item, slot.list.view());
      postings_.Add(item);
    }
  }

  void MakeShapes() {
    std::string item;
    for (ShapeId id = 0; id < tables_.shape_end(); ++id) {
      const ShapeView shape = tables_.Shape(id);
      item.clear();
      for (std::size_t i = 0; i < shape.size(); ++i) {
        PutLittleEndian32(item, name_numbers_[shape.At(i)]);
      }
      shapes_.Add(item);
    }
  }

  // Calls `visit(name, value)` for each label, with the numbers of the tables; the shape.
  template <typename Visit>
  ShapeId VisitRecord(SeriesId id, Visit visit) const {
    RecordReader record(tables_.records().At(id));
    const ShapeId shape_id = record.Next().value_or(0);
    const ShapeView shape = tables_.Shape(shape_id);
    for (std::size_t i = 0; i < shape.size(); ++i) visit(shape.At(i), *record.Next());
    return shape_id;
  }

  // The place of each series in order of labels; empty if ids have that order.
  std::vector<std::uint32_t> MakeRanks() const {
    // Values are numbered in order of names and texts, so label sets compare as these numbers do.
    std::vector<std::uint32_t> numbers;
    std::vector<std::size_t> ends;
    ends.reserve(series_count_);
    for (SeriesId id = 0; id < series_count_; ++id) {
      VisitRecord(id, [&](NameId name, ValueId value) {
        numbers.push_back(first_values_[name] + value_places_[name][value]);
      });
      ends.push_back(numbers.size());
    }
    const auto labels = [&](SeriesId id) {
      const std::size_t begin = id == 0 ? 0 : ends[id - 1];
      return std::span(numbers).subspan(begin, ends[id] - begin);
    };
    const auto is_before = [&](SeriesId a, SeriesId b) {
      return std::ranges::lexicographical_compare(labels(a), labels(b));
    };
    std::vector<SeriesId> order(series_count_);
    std::iota(order.begin(), order.end(), SeriesId{0});
    if (std::ranges::is_sorted(order, is_before)) return {};
    std::ranges::sort(order, is_before);
    std::vector<std::uint32_t> ranks(series_count_);
    for (std::uint32_t i = 0; i < order.size(); ++i) ranks[order[i]] = i;
    return ranks;
  }

  std::string MakeRecords(std::span<const std::uint32_t> ranks) const {
    GroupsWriter records;
    std::string item;
    std::string values;
    for (SeriesId id = 0; id < series_count_; ++id) {
      values.clear();
      const ShapeId shape = VisitRecord(
          id, [&](NameId name, ValueId value) { PutVarint(values, value_places_[name][value]); });
      item.clear();
      if (!ranks.empty()) PutSignedVarint(item, std::int64_t{ranks[id]} - id);
      PutVarint(item, shape);
      records.Add(item.append(values));
    }
    return records.Finish();
  }

  const SeriesTables& tables_;
  const std::size_t series_count_;
  std::uint32_t flags_ = 0;
  // By the tables' numbers: the file's number of a name, its first value among all values, and the
  // place of each value among those of its name.
  std::vector<std::uint32_t> name_numbers_;
  std::vector<std::uint32_t> first_values_;
  std::vector<std::vector<ValueId>> value_places_;
  GroupsWriter names_;
  GroupsWriter values_;
  GroupsWriter postings_;
  GroupsWriter shapes_;
};

}  // namespace

Result<std::string> AssembleIndex(const std::array<std::string, kSectionCount>& sections,
                                  std::uint32_t flags) {
  std::string out(kIndexMagic);
  std::string footer;
  for (const std::string& section : sections) {
    if (section.size() > kSectionSizeMax) {
      return Error{ErrorCode::kResourceExhausted, "a section of the index exceeds 4 GiB"};
    }
    PutLittleEndian64(footer, out.size());
    PutLittleEndian64(footer, section.size());
    out.append(section);
  }
  std::string tail;
  for (std::size_t at = 0; at < out.size(); at += kChunkSize) {
    PutLittleEndian32(tail, Crc32c(std::string_view(out).substr(at, kChunkSize)));
  }
  tail.append(footer);
  PutLittleEndian64(tail, out.size());
  PutLittleEndian32(tail, flags);
  PutLittleEndian32(tail, Crc32c(tail));
  return out.append(tail);
}

struct IndexWriter::Parts {
  SeriesTables tables;
  GroupsWriter payloads;
};

IndexWriter::IndexWriter() : parts_(std::make_unique<Parts>()) {}
IndexWriter::~IndexWriter() = default;

void IndexWriter::Add(const model::LabelSet& labels, std::string_view payload) {
  parts_->tables.Add(parts_->payloads.count(), labels);
  parts_->payloads.Add(payload);
}

std::size_t IndexWriter::series_count() const { return parts_->payloads.count(); }

Result<std::string> IndexWriter::Finish() {
  // What else could be too large is smaller than the records, or is checked when it is assembled.
  if (parts_->payloads.size() > kSectionSizeMax) {
    return Error{ErrorCode::kResourceExhausted, "payloads of the index exceed 4 GiB"};
  }
  IndexMaker maker(parts_->tables, series_count());
  const auto sections = maker.MakeSections(parts_->payloads);
  return AssembleIndex(sections, maker.flags());
}

}  // namespace narthex::index
