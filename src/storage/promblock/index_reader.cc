#include "index_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "base/bytes.h"
#include "base/hash.h"

namespace narthex::promblock {
namespace {

Error Damaged(std::string_view what, std::uint64_t offset) {
  return {ErrorCode::kCorruption, fmt::format("{} at {}", what, offset)};
}

// A label set far beyond what any server takes in; a few bytes could name a large symbol many
// times.
constexpr std::size_t kLabelsSizeMax = std::size_t{16} << 20;

// Chunks of one series, each against the one before it.
Status ReadChunks(ByteReader& reader, std::uint64_t offset, std::vector<ChunkEntry>& chunks) {
  chunks.clear();
  const auto count = reader.ReadVarint();
  // An entry takes three bytes at least.
  if (!count || *count > reader.remaining() / 3) return Damaged("bad list of chunks", offset);
  chunks.reserve(static_cast<std::size_t>(*count));
  // Unsigned, so that nonsense wraps around and is seen below.
  std::uint64_t time = 0;
  std::uint64_t place = 0;
  for (std::uint64_t i = 0; i < *count; ++i) {
    const auto gap = i == 0 ? reader.ReadSignedVarint() : std::optional<std::int64_t>(0);
    const auto next_gap = i == 0 ? std::optional<std::uint64_t>(0) : reader.ReadVarint();
    const auto length = reader.ReadVarint();
    const auto first_place = i == 0 ? reader.ReadVarint() : std::optional<std::uint64_t>(0);
    const auto place_gap = i == 0 ? std::optional<std::int64_t>(0) : reader.ReadSignedVarint();
    if (!gap || !next_gap || !length || !first_place || !place_gap) {
      return Damaged("list of chunks is cut short", offset);
    }
    time += static_cast<std::uint64_t>(*gap) + *next_gap;
    ChunkEntry chunk;
    chunk.min_time = static_cast<std::int64_t>(time);
    time += *length;
    chunk.max_time = static_cast<std::int64_t>(time);
    place += *first_place + static_cast<std::uint64_t>(*place_gap);
    chunk.place = place;
    if (chunk.max_time < chunk.min_time ||
        (!chunks.empty() && chunk.min_time < chunks.back().max_time)) {
      return Damaged("chunks out of order in the series", offset);
    }
    chunks.push_back(chunk);
  }
  if (!reader.empty()) return Damaged("series has bytes behind its chunks", offset);
  return Ok();
}

}  // namespace

Result<std::string_view> IndexReader::Section(std::uint64_t offset) const {
  if (offset >= bytes_.size()) return Damaged("section out of bounds", offset);
  ByteReader reader(bytes_.substr(offset));
  const auto size = reader.ReadBigEndian32();
  const auto section = size ? reader.ReadBytes(*size) : std::nullopt;
  const auto checksum = section ? reader.ReadBigEndian32() : std::nullopt;
  if (!checksum) return Damaged("section out of bounds", offset);
  if (*checksum != Crc32c(*section)) return Damaged("section fails its checksum", offset);
  return *section;
}

Status IndexReader::ReadContents() {
  const std::uint64_t begin = bytes_.size() - kTableOfContentsSize;
  const std::string_view table = bytes_.substr(begin);
  ByteReader reader(table);
  for (std::uint64_t* const place :
       {&contents_.symbols, &contents_.series, &contents_.label_indices, &contents_.label_offsets,
        &contents_.postings, &contents_.posting_offsets}) {
    *place = *reader.ReadBigEndian64();
    if (*place > begin) return Damaged("section out of bounds in the table of contents", begin);
  }
  if (*reader.ReadBigEndian32() != Crc32c(table.substr(0, table.size() - kChecksumSize))) {
    return Damaged("table of contents fails its checksum", begin);
  }
  series_end_ = begin;
  for (const std::uint64_t place :
       {contents_.symbols, contents_.label_indices, contents_.label_offsets, contents_.postings,
        contents_.posting_offsets}) {
    if (place > contents_.series) series_end_ = std::min(series_end_, place);
  }
  return Ok();
}

Status IndexReader::ReadSymbols() {
  if (contents_.symbols == 0) return Ok();
  NARTHEX_ASSIGN_OR_RETURN(const std::string_view section, Section(contents_.symbols));
  // Behind the length of the section.
  const std::uint64_t begin = contents_.symbols + 4;
  symbols_end_ = begin + section.size();
  // Version 1 refers to symbols by their offsets.
  if (version_ == IndexVersion::kOne) return Ok();
  ByteReader reader(section);
  const auto count = reader.ReadBigEndian32();
  if (!count || *count > reader.remaining()) return Damaged("bad symbol table", begin);
  symbols_.reserve(*count);
  for (std::uint32_t i = 0; i < *count; ++i) {
    symbols_.push_back(static_cast<std::uint32_t>(reader.offset()));
    if (!reader.ReadLengthPrefixed()) {
      return Damaged("symbol out of bounds", begin + reader.offset());
    }
  }
  return Ok();
}

Result<IndexReader> IndexReader::Open(std::string_view bytes, bool is_two) {
  ByteReader head(bytes);
  const auto magic = head.ReadBigEndian32();
  const auto version = head.ReadByte();
  if (bytes.size() < kIndexHeaderSize + kTableOfContentsSize || *magic != kIndexMagic) {
    return Error{ErrorCode::kCorruption, "not an index of Prometheus"};
  }
  if (*version != 1 && *version != 2) {
    return Error{ErrorCode::kUnsupported, fmt::format("version {} of the index", *version)};
  }
  const bool is_one = *version == 1 && !is_two;
  IndexReader reader(bytes, is_one ? IndexVersion::kOne : IndexVersion::kTwo);
  NARTHEX_TRY(reader.ReadContents());
  NARTHEX_TRY(reader.ReadSymbols());
  // Not read any further, since all series are walked through; but damage shall be told.
  if (reader.contents_.posting_offsets > 0) {
    NARTHEX_TRY(reader.Section(reader.contents_.posting_offsets));
  }
  return reader;
}

Result<std::string_view> IndexReader::Symbol(std::uint64_t reference) const {
  const std::uint64_t begin = contents_.symbols + 4;
  std::uint64_t offset = reference;
  if (version_ == IndexVersion::kTwo) {
    if (reference >= symbols_.size()) return Damaged("no such symbol", reference);
    offset = begin + symbols_[reference];
  }
  if (offset < begin || offset >= symbols_end_) return Damaged("no such symbol", reference);
  const auto symbol = ByteReader(bytes_.substr(offset, symbols_end_ - offset)).ReadLengthPrefixed();
  if (!symbol) return Damaged("symbol out of bounds", offset);
  return *symbol;
}

Status IndexReader::ReadLabels(ByteReader& reader, SeriesEntry& series) const {
  const auto count = reader.ReadVarint();
  std::string encoded;
  for (std::uint64_t i = 0; count && i < *count; ++i) {
    const auto name = reader.ReadVarint();
    const auto value = reader.ReadVarint();
    if (!name || !value) return Damaged("labels of the series are cut short", series.id);
    NARTHEX_ASSIGN_OR_RETURN(const std::string_view name_text, Symbol(*name));
    NARTHEX_ASSIGN_OR_RETURN(const std::string_view value_text, Symbol(*value));
    PutLengthPrefixed(encoded, name_text);
    PutLengthPrefixed(encoded, value_text);
    if (encoded.size() > kLabelsSizeMax)
      return Damaged("labels of the series are too long", series.id);
  }
  auto labels = count ? model::LabelSet::Decode(encoded) : std::nullopt;
  if (!labels) return Damaged("labels of the series are malformed", series.id);
  series.labels = *std::move(labels);
  return Ok();
}

Result<bool> IndexReader::Next(std::uint64_t& offset, SeriesEntry& series) const {
  // Padding; no series begins with a zero, which would be its length.
  while (offset < series_end_ && bytes_[offset] == 0) ++offset;
  if (contents_.series == 0 || offset >= series_end_) return false;
  const std::uint64_t begin = offset;
  if (version_ == IndexVersion::kTwo && begin % kSeriesAlignment != 0) {
    return Damaged("series is not aligned", begin);
  }
  ByteReader reader(bytes_.substr(begin, series_end_ - begin));
  const auto body = reader.ReadLengthPrefixed();
  const auto checksum = body ? reader.ReadBigEndian32() : std::nullopt;
  if (!checksum) return Damaged("series out of bounds", begin);
  if (*checksum != Crc32c(*body)) return Damaged("series fails its checksum", begin);
  offset = begin + reader.offset();
  ByteReader body_reader(*body);
  series.id = version_ == IndexVersion::kTwo ? begin / kSeriesAlignment : begin;
  NARTHEX_TRY(ReadLabels(body_reader, series));
  NARTHEX_TRY(ReadChunks(body_reader, begin, series.chunks));
  return true;
}

}  // namespace narthex::promblock
