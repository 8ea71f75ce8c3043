#include "index/index_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "base/bytes.h"
#include "base/hash.h"
#include "index_format.h"

namespace narthex::index {
namespace {

Error Damaged(std::string_view what) {
  return {ErrorCode::kCorruption, fmt::format("index: {}", what)};
}

// The bounds were checked when the file was opened.
std::uint32_t Word(std::string_view table, std::size_t i) {
  return *ByteReader(table.substr(i * 4, 4)).ReadLittleEndian32();
}

}  // namespace

Result<IndexFile::Strings> IndexFile::Strings::Open(std::string_view section) {
  ByteReader reader(section);
  const auto count = reader.ReadLittleEndian32();
  if (!count) return Damaged("table of strings is cut short");
  const auto ends = reader.ReadBytes(std::size_t{*count} * 4);
  if (!ends) return Damaged("table of strings is cut short");
  Strings strings;
  strings.count_ = *count;
  strings.ends_ = *ends;
  strings.bytes_ = reader.rest();
  std::uint32_t before = 0;
  for (std::size_t i = 0; i < strings.count_; ++i) {
    const std::uint32_t end = Word(strings.ends_, i);
    if (end < before || end > strings.bytes_.size()) return Damaged("strings out of bounds");
    before = end;
  }
  return strings;
}

std::string_view IndexFile::Strings::At(std::size_t i) const {
  if (i >= count_) return {};
  const std::size_t begin = i == 0 ? 0 : Word(ends_, i - 1);
  return bytes_.substr(begin, Word(ends_, i) - begin);
}

Result<std::unique_ptr<IndexFile>> IndexFile::Open(std::string_view bytes) {
  if (bytes.size() < kIndexMagic.size() + kFooterSize) return Damaged("file is cut short");
  if (!bytes.starts_with(kIndexMagic)) return Damaged("file is not an index of a known version");
  const std::string_view footer = bytes.substr(bytes.size() - kFooterSize);
  ByteReader reader(footer);
  std::array<std::string_view, kSectionCount> sections;
  std::array<std::uint32_t, kSectionCount> checksums{};
  for (std::size_t i = 0; i < kSectionCount; ++i) {
    const std::uint64_t offset = *reader.ReadLittleEndian64();
    const std::uint64_t size = *reader.ReadLittleEndian64();
    checksums[i] = *reader.ReadLittleEndian32();
    if (offset > bytes.size() || size > bytes.size() - offset)
      return Damaged("section out of bounds");
    sections[i] = bytes.substr(offset, size);
  }
  if (*reader.ReadLittleEndian32() != Crc32c(footer.substr(0, kFooterSize - 4))) {
    return Damaged("footer fails its checksum");
  }
  for (std::size_t i = 0; i < kSectionCount; ++i) {
    if (Crc32c(sections[i]) != checksums[i]) return Damaged("section fails its checksum");
  }
  std::unique_ptr<IndexFile> index(new IndexFile());
  NARTHEX_ASSIGN_OR_RETURN(index->symbols_, Strings::Open(sections[0]));
  NARTHEX_ASSIGN_OR_RETURN(index->series_, Strings::Open(sections[1]));
  NARTHEX_TRY(index->OpenPostings(sections[2]));
  return index;
}

Status IndexFile::OpenPostings(std::string_view section) {
  ByteReader reader(section);
  const auto count = reader.ReadLittleEndian32();
  if (!count) return Damaged("postings are cut short");
  const auto table = reader.ReadBytes(std::size_t{*count} * kListEntrySize);
  if (!table) return Damaged("postings are cut short");
  list_count_ = *count;
  list_table_ = *table;
  list_bytes_ = reader.rest();
  std::uint32_t before = 0;
  for (std::size_t i = 0; i < list_count_; ++i) {
    const ListEntry entry = ListAt(i);
    if (entry.end < before || entry.end > list_bytes_.size() || entry.name >= symbols_.count() ||
        entry.value >= symbols_.count()) {
      return Damaged("posting list out of bounds");
    }
    before = entry.end;
  }
  return Ok();
}

IndexFile::ListEntry IndexFile::ListAt(std::size_t i) const {
  const std::string_view entry = list_table_.substr(i * kListEntrySize, kListEntrySize);
  return {Word(entry, 0), Word(entry, 1), Word(entry, 2), Word(entry, 3)};
}

IndexFile::ListRange IndexFile::ListsOf(std::string_view name) const {
  // Lists are in order of name and value, as symbols are in order of their texts.
  std::size_t begin = 0;
  std::size_t size = list_count_;
  const auto first_not = [&](auto is_before) {
    std::size_t low = begin;
    std::size_t high = size;
    while (low < high) {
      const std::size_t middle = low + (high - low) / 2;
      if (is_before(symbols_.At(ListAt(middle).name))) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  };
  begin = first_not([&](std::string_view other) { return other < name; });
  return {begin, first_not([&](std::string_view other) { return other <= name; })};
}

IndexFile::ListRange IndexFile::ListsWithPrefix(std::string_view name,
                                                std::string_view prefix) const {
  ListRange range = ListsOf(name);
  std::size_t low = range.begin;
  std::size_t high = range.end;
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    if (symbols_.At(ListAt(middle).value) < prefix) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  range.begin = low;
  while (low < range.end && symbols_.At(ListAt(low).value).starts_with(prefix)) ++low;
  range.end = low;
  return range;
}

void IndexFile::AppendList(std::size_t i, std::vector<SeriesId>& out) const {
  const std::size_t begin = i == 0 ? 0 : ListAt(i - 1).end;
  ByteReader reader(list_bytes_.substr(begin, ListAt(i).end - begin));
  SeriesId id = 0;
  while (const auto step = reader.ReadVarint()) {
    id += static_cast<SeriesId>(*step);
    // The checksum held, so this is a writer's fault; a series that is not there is not given out.
    if (id < series_.count()) out.push_back(id);
  }
}

template <typename Visit>
void IndexFile::VisitLabels(SeriesId id, Visit visit) const {
  ByteReader reader(series_.At(id));
  const std::uint64_t count = reader.ReadVarint().value_or(0);
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto name = reader.ReadVarint();
    const auto value = reader.ReadVarint();
    if (!name || !value) return;
    visit(symbols_.At(static_cast<std::size_t>(*name)),
          symbols_.At(static_cast<std::size_t>(*value)));
  }
}

std::string_view IndexFile::Payload(SeriesId id) const {
  ByteReader reader(series_.At(id));
  const std::uint64_t count = reader.ReadVarint().value_or(0);
  for (std::uint64_t i = 0; i < count * 2; ++i) {
    if (!reader.ReadVarint()) return {};
  }
  return reader.rest();
}

std::vector<SeriesId> IndexFile::All() const {
  std::vector<SeriesId> ids(series_.count());
  std::iota(ids.begin(), ids.end(), 0u);
  return ids;
}

std::vector<SeriesId> IndexFile::Postings(std::string_view name, std::string_view value) const {
  std::vector<SeriesId> ids;
  const ListRange range = ListsWithPrefix(name, value);
  // The value itself is the first that begins with it.
  if (range.begin < range.end && symbols_.At(ListAt(range.begin).value) == value) {
    AppendList(range.begin, ids);
  }
  return ids;
}

std::vector<SeriesId> IndexFile::PostingsWhere(
    std::string_view name, std::string_view prefix,
    const std::function<bool(std::string_view)>& accepts) const {
  std::vector<SeriesId> ids;
  const ListRange range = ListsWithPrefix(name, prefix);
  for (std::size_t i = range.begin; i < range.end; ++i) {
    if (accepts(symbols_.At(ListAt(i).value))) AppendList(i, ids);
  }
  return ids;
}

std::size_t IndexFile::ValueCount(std::string_view name) const {
  const ListRange range = ListsOf(name);
  return range.end - range.begin;
}

std::string_view IndexFile::ValueOf(SeriesId id, std::string_view name) const {
  std::string_view found;
  VisitLabels(id, [&](std::string_view label, std::string_view value) {
    if (label == name) found = value;
  });
  return found;
}

model::LabelSet IndexFile::Labels(SeriesId id) const {
  std::vector<model::Label> labels;
  VisitLabels(id, [&](std::string_view name, std::string_view value) {
    labels.push_back({name, value});
  });
  return model::LabelSet::From(labels);
}

void IndexFile::VisitNames(const Visitor& visit) const {
  for (std::size_t i = 0; i < list_count_;) {
    const std::uint32_t name = ListAt(i).name;
    std::size_t series_count = 0;
    for (; i < list_count_ && ListAt(i).name == name; ++i) series_count += ListAt(i).count;
    visit(symbols_.At(name), series_count);
  }
}

void IndexFile::VisitValues(std::string_view name, const Visitor& visit) const {
  const ListRange range = ListsOf(name);
  for (std::size_t i = range.begin; i < range.end; ++i) {
    visit(symbols_.At(ListAt(i).value), ListAt(i).count);
  }
}

}  // namespace narthex::index
