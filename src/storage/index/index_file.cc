#include "index/index_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <random>

#include "base/alive_order.h"
#include "base/bytes.h"
#include "base/hash.h"
#include "groups.h"
#include "index_format.h"
#include "record.h"

namespace narthex::index {
namespace {

// Files up to here are checked when they are opened: a millisecond at most.
constexpr std::size_t kEagerSizeMax = std::size_t{4} << 20;

Error Damaged(std::string_view what) {
  return {ErrorCode::kCorruption, fmt::format("index: {}", what)};
}

// A name and where its values are among those of all names.
struct Name {
  std::string_view text;
  std::uint32_t series_count = 0;
  std::uint32_t first_value = 0;
  std::uint32_t value_count = 0;
};

struct SectionPlace {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
};

struct Footer {
  std::array<SectionPlace, kSectionCount> sections;
  std::string_view content;    // of the file, what comes before the checksums
  std::string_view checksums;  // of its chunks
  std::uint32_t flags = 0;
};

Result<Footer> ReadFooter(std::string_view bytes) {
  if (bytes.size() < kIndexMagic.size() + kFooterSize) return Damaged("file is cut short");
  if (!bytes.starts_with(kIndexMagic)) return Damaged("file is not an index of a known version");
  Footer footer;
  ByteReader reader(bytes.substr(bytes.size() - kFooterSize));
  for (SectionPlace& section : footer.sections) {
    section.offset = *reader.ReadLittleEndian64();
    section.size = *reader.ReadLittleEndian64();
  }
  const std::uint64_t content_size = *reader.ReadLittleEndian64();
  footer.flags = *reader.ReadLittleEndian32();
  if (content_size > bytes.size() - kFooterSize) return Damaged("footer fails its bounds");
  footer.content = bytes.substr(0, content_size);
  footer.checksums = bytes.substr(content_size, bytes.size() - kFooterSize - footer.content.size());
  const std::string_view summed = bytes.substr(content_size, bytes.size() - content_size - 4);
  if (*reader.ReadLittleEndian32() != Crc32c(summed)) return Damaged("footer fails its checksum");
  for (const SectionPlace& section : footer.sections) {
    if (section.offset > content_size || section.size > content_size - section.offset) {
      return Damaged("section out of bounds");
    }
  }
  return footer;
}

std::uint64_t RandomSeed() {
  std::random_device random;
  return std::uint64_t{random()} << 32 | random();
}

// With seeds that nobody can know: 128 bits, equal for equal bytes only.
IndexFile::Numbering NumberingOf(const Footer& footer) {
  static const IndexFile::Numbering kSeeds = {RandomSeed(), RandomSeed()};
  IndexFile::Numbering numbering = kSeeds;
  for (const Section section :
       {Section::kNames, Section::kValues, Section::kShapes, Section::kRecords}) {
    const SectionPlace& place = footer.sections[static_cast<std::size_t>(section)];
    for (std::uint64_t& hash : numbering) {
      hash = Hash64(footer.content.substr(place.offset, place.size), hash);
    }
  }
  return numbering;
}

}  // namespace

struct IndexFile::Parts {
  explicit Parts(const Footer& footer)
      : bytes(footer.content, footer.checksums), has_ranks((footer.flags & kHasRanks) != 0) {}

  CheckedBytes bytes;
  const bool has_ranks;
  std::optional<Numbering> numbering;
  std::array<Groups, kSectionCount> sections;
  std::vector<Name> names;

  const Groups& At(Section section) const { return sections[static_cast<std::size_t>(section)]; }
  const Name* Find(NameId name) const { return name < names.size() ? &names[name] : nullptr; }
};

// Numbers among the values of all names.
struct IndexFile::ValueRange {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

IndexFile::IndexFile(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
IndexFile::~IndexFile() = default;

Result<std::unique_ptr<IndexFile>> IndexFile::Open(std::string_view bytes) {
  NARTHEX_ASSIGN_OR_RETURN(const Footer footer, ReadFooter(bytes));
  std::unique_ptr<IndexFile> index(new IndexFile(std::make_unique<Parts>(footer)));
  Parts& parts = *index->parts_;
  if (bytes.size() <= kEagerSizeMax) NARTHEX_TRY(index->Verify());
  for (std::size_t i = 0; i < kSectionCount; ++i) {
    parts.sections[i] = Groups(parts.bytes, footer.sections[i].offset, footer.sections[i].size);
  }
  NARTHEX_TRY(index->status());
  if (parts.At(Section::kPostings).count() != parts.At(Section::kValues).count() ||
      parts.At(Section::kPayloads).count() != parts.At(Section::kRecords).count()) {
    return Damaged("sections do not fit each other");
  }
  NARTHEX_TRY(index->ReadNames());
  if (bytes.size() <= kEagerSizeMax && !parts.has_ranks) parts.numbering = NumberingOf(footer);
  return index;
}

std::optional<IndexFile::Numbering> IndexFile::numbering() const { return parts_->numbering; }

Status IndexFile::ReadNames() {
  const Groups& items = parts_->At(Section::kNames);
  const std::uint64_t value_count = parts_->At(Section::kValues).count();
  parts_->names.reserve(items.count());
  std::uint64_t next_value = 0;
  bool is_sound = true;
  items.Scan(0, items.count(), [&](std::uint32_t, std::string_view item) {
    ByteReader reader(item);
    const auto having_count = reader.ReadVarint();
    const auto first = reader.ReadVarint();
    const auto count = reader.ReadVarint();
    is_sound = count && *having_count <= series_count() && *first == next_value &&
               *count <= value_count - next_value;
    if (!is_sound) return false;
    next_value += *count;
    const Name name{reader.rest(), static_cast<std::uint32_t>(*having_count),
                    static_cast<std::uint32_t>(*first), static_cast<std::uint32_t>(*count)};
    is_sound = parts_->names.empty() || parts_->names.back().text < name.text;
    parts_->names.push_back(name);
    return is_sound;
  });
  NARTHEX_TRY(status());
  if (!is_sound || next_value != value_count) return Damaged("names are malformed");
  return Ok();
}

Status IndexFile::Verify() const {
  return parts_->bytes.CheckAll() ? status() : Damaged("a checksum fails");
}

Status IndexFile::status() const {
  return parts_->bytes.is_damaged() ? Damaged("a checksum fails, or what is read makes no sense")
                                    : Ok();
}

std::string_view IndexFile::Payload(SeriesId id) const {
  return parts_->At(Section::kPayloads).At(id);
}

std::size_t IndexFile::series_count() const { return parts_->At(Section::kRecords).count(); }

std::vector<SeriesId> IndexFile::All() const {
  std::vector<SeriesId> ids(series_count());
  std::iota(ids.begin(), ids.end(), SeriesId{0});
  return ids;
}

std::vector<NameId> IndexFile::Names() const {
  std::vector<NameId> names(parts_->names.size());
  std::iota(names.begin(), names.end(), NameId{0});
  return names;
}

std::optional<NameId> IndexFile::FindName(std::string_view name) const {
  const auto found = std::ranges::lower_bound(parts_->names, name, {}, &Name::text);
  if (found == parts_->names.end() || found->text != name) return std::nullopt;
  return static_cast<NameId>(found - parts_->names.begin());
}

IndexFile::ValueRange IndexFile::RangeOf(NameId name, std::string_view prefix) const {
  const Name* entry = parts_->Find(name);
  if (entry == nullptr) return {};
  ValueRange range{entry->first_value, entry->first_value + entry->value_count};
  const Groups& values = parts_->At(Section::kValues);
  if (prefix.empty()) return range;
  range.begin = values.LowerBound(range.begin, range.end, prefix);
  // The first text behind all that begin with the prefix.
  std::string behind(prefix);
  while (!behind.empty() && behind.back() == '\xff') behind.pop_back();
  if (behind.empty()) return range;
  behind.back() = static_cast<char>(static_cast<unsigned char>(behind.back()) + 1);
  range.end = values.LowerBound(range.begin, range.end, behind);
  return range;
}

std::optional<ValueId> IndexFile::FindValue(NameId name, std::string_view value) const {
  const Name* entry = parts_->Find(name);
  if (entry == nullptr) return std::nullopt;
  const std::uint32_t end = entry->first_value + entry->value_count;
  const Groups& values = parts_->At(Section::kValues);
  const std::uint32_t found = values.LowerBound(entry->first_value, end, value);
  if (found == end || values.At(found) != value) return std::nullopt;
  return found - entry->first_value;
}

std::string_view IndexFile::NameText(NameId name) const {
  const Name* entry = parts_->Find(name);
  return entry == nullptr ? std::string_view() : entry->text;
}

std::string_view IndexFile::ValueText(NameId name, ValueId value) const {
  const Name* entry = parts_->Find(name);
  if (entry == nullptr || value >= entry->value_count) return {};
  return parts_->At(Section::kValues).At(entry->first_value + value);
}

LabelIndex::NameCounts IndexFile::Counts(NameId name) const {
  const Name* entry = parts_->Find(name);
  if (entry == nullptr) return {};
  return {entry->series_count, entry->value_count, entry->value_count};
}

PostingView IndexFile::Postings(NameId name, ValueId value) const {
  const Name* entry = parts_->Find(name);
  if (entry == nullptr || value >= entry->value_count) return {};
  ByteReader reader(parts_->At(Section::kPostings).At(entry->first_value + value));
  const auto head = reader.ReadVarint();
  PostingView view;
  if (!head || *head >> 1 > series_count()) {
    parts_->bytes.NoteDamage();
    return view;
  }
  if ((*head & 1) != 0) {
    const auto skip_count = reader.ReadVarint();
    if (!skip_count || *skip_count > reader.remaining() / kSkipSize) {
      parts_->bytes.NoteDamage();
      return view;
    }
    view.skips = *reader.ReadBytes(*skip_count * kSkipSize);
  }
  view.tokens = reader.rest();
  view.count = static_cast<std::uint32_t>(*head >> 1);
  view.id_end = static_cast<SeriesId>(series_count());
  return view;
}

void IndexFile::VisitPrefix(NameId name, std::string_view prefix, const ValueVisitor& visit) const {
  const Name* entry = parts_->Find(name);
  if (entry == nullptr) return;
  const ValueRange range = RangeOf(name, prefix);
  parts_->At(Section::kValues)
      .Scan(range.begin, range.end, [&](std::uint32_t i, std::string_view text) {
        return visit(i - entry->first_value, text);
      });
}

std::size_t IndexFile::PrefixCost(NameId name, std::string_view prefix) const {
  const ValueRange range = RangeOf(name, prefix);
  return range.end - range.begin;
}

std::string_view IndexFile::Record(SeriesId id) const {
  std::string_view record = parts_->At(Section::kRecords).At(id);
  if (parts_->has_ranks) {
    std::size_t offset = 0;
    std::uint64_t distance = 0;
    if (!TakeVarint(record, offset, distance)) return {};
    record.remove_prefix(offset);
  }
  return record;
}

ShapeView IndexFile::Shape(ShapeId shape) const {
  return ShapeView(parts_->At(Section::kShapes).At(shape));
}

Status IndexFile::SortByLabels(std::vector<SeriesId>& ids, const AliveCheck& check) const {
  if (!parts_->has_ranks) {
    if (std::ranges::is_sorted(ids)) return Ok();
    return SortWhileAlive(ids, std::less<>(), check);
  }
  std::vector<std::pair<std::int64_t, SeriesId>> placed;
  placed.reserve(ids.size());
  AliveMeter meter(check, kOrderedPerQuestion);
  for (const SeriesId id : ids) {
    if (!meter.MayGoOn()) return meter.status();
    ByteReader reader(parts_->At(Section::kRecords).At(id));
    const std::int64_t distance = reader.ReadSignedVarint().value_or(0);
    // Far out of bounds only where a writer was at fault: any order will do.
    placed.emplace_back(
        std::clamp<std::int64_t>(distance, -std::int64_t{UINT32_MAX}, UINT32_MAX) + id, id);
  }
  NARTHEX_TRY(SortWhileAlive(placed, std::less<>(), check));
  std::ranges::transform(placed, ids.begin(), &std::pair<std::int64_t, SeriesId>::second);
  return Ok();
}

}  // namespace narthex::index
