#include "block/block.h"

#include <fmt/format.h>

#include "base/bytes.h"
#include "base/hash.h"
#include "chunk/page.h"
#include "parts.h"

namespace narthex::block {
namespace {

Error Damaged(std::string_view what) {
  return {ErrorCode::kCorruption, fmt::format("pages: {}", what)};
}

Result<TimeColumnEntry> ReadColumn(ByteReader& reader) {
  const auto count = reader.ReadVarint();
  // A vector takes four bytes at least.
  if (!count || *count == 0 || *count / chunk::kPageSampleCountMax > reader.remaining() / 4) {
    return Damaged("directory of columns is malformed");
  }
  TimeColumnEntry column;
  column.count = *count;
  for (std::uint64_t left = *count; left > 0;) {
    const auto offset = reader.ReadVarint();
    const auto size = reader.ReadVarint();
    const auto min_time = reader.ReadSignedVarint();
    const auto max_time = reader.ReadSignedVarint();
    if (!offset || !size || !min_time || !max_time || *min_time > *max_time || *size > UINT32_MAX) {
      return Damaged("directory of columns is malformed");
    }
    const auto length =
        static_cast<std::uint32_t>(std::min<std::uint64_t>(left, chunk::kPageSampleCountMax));
    column.vectors.push_back(
        {*offset, static_cast<std::uint32_t>(*size), length, *min_time, *max_time});
    left -= length;
  }
  return column;
}

Result<std::vector<TimeColumnEntry>> ReadDirectory(std::string_view pages) {
  if (!pages.starts_with(kPagesMagic) || pages.size() < kPagesMagic.size() + kTrailerSize) {
    return Damaged("file is not of a known version");
  }
  const std::string_view trailer = pages.substr(pages.size() - kTrailerSize);
  ByteReader trailer_reader(trailer);
  const std::uint64_t offset = *trailer_reader.ReadLittleEndian64();
  const std::uint64_t size = *trailer_reader.ReadLittleEndian64();
  if (*trailer_reader.ReadLittleEndian32() != Crc32c(trailer.substr(0, 16))) {
    return Damaged("trailer fails its checksum");
  }
  NARTHEX_ASSIGN_OR_RETURN(const std::string_view directory, ReadFrame(pages, offset, size));
  ByteReader reader(directory);
  const auto count = reader.ReadVarint();
  if (!count || *count > reader.remaining()) return Damaged("directory of columns is malformed");
  std::vector<TimeColumnEntry> columns;
  columns.reserve(static_cast<std::size_t>(*count));
  for (std::uint64_t i = 0; i < *count; ++i) {
    NARTHEX_ASSIGN_OR_RETURN(TimeColumnEntry column, ReadColumn(reader));
    columns.push_back(std::move(column));
  }
  if (!reader.empty()) return Damaged("directory of columns has bytes behind its end");
  return columns;
}

}  // namespace

Result<std::string_view> ReadFrame(std::string_view pages, std::uint64_t offset,
                                   std::uint64_t size) {
  if (offset > pages.size() || size > pages.size() - offset ||
      pages.size() - offset - size < kChecksumSize) {
    return Damaged("frame out of bounds");
  }
  const std::string_view bytes = pages.substr(offset, size);
  ByteReader checksum(pages.substr(offset + size, kChecksumSize));
  if (*checksum.ReadLittleEndian32() != Crc32c(bytes)) {
    return Damaged(fmt::format("frame at {} fails its checksum", offset));
  }
  return bytes;
}

Block::Block(std::string directory, BlockMeta meta)
    : directory_(std::move(directory)), meta_(std::move(meta)), parts_(std::make_unique<Parts>()) {}

Block::~Block() = default;

Result<std::shared_ptr<Block>> Block::Open(io::FileSystem& files, std::string directory) {
  const auto open = [&]() -> Result<std::shared_ptr<Block>> {
    NARTHEX_ASSIGN_OR_RETURN(const std::string text,
                             io::ReadFile(files, io::JoinPath(directory, kMetaName), 1 << 16));
    NARTHEX_ASSIGN_OR_RETURN(BlockMeta meta, ParseMeta(text));
    std::shared_ptr<Block> block(new Block(directory, std::move(meta)));
    Parts& parts = *block->parts_;
    NARTHEX_ASSIGN_OR_RETURN(parts.index_map, files.Map(io::JoinPath(directory, kIndexName)));
    NARTHEX_ASSIGN_OR_RETURN(parts.pages_map, files.Map(io::JoinPath(directory, kPagesName)));
    NARTHEX_ASSIGN_OR_RETURN(parts.index, index::IndexFile::Open(parts.index_map.bytes()));
    NARTHEX_ASSIGN_OR_RETURN(parts.columns, ReadDirectory(parts.pages_map.bytes()));
    block->size_bytes_ =
        text.size() + parts.index_map.bytes().size() + parts.pages_map.bytes().size();
    return block;
  };
  Result<std::shared_ptr<Block>> block = open();
  if (!block.ok()) return std::move(block).error().Under("block " + directory);
  return block;
}

}  // namespace narthex::block
