// Parts of a block of Prometheus: any bytes are read or refused. The first byte says which part
// they are: a kind of chunk (1 to 6), or a letter for index, tombstones or meta file; a capital one
// gets the checksums that a fuzzer cannot find.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/check.h"
#include "base/hash.h"
#include "chunk.h"
#include "format.h"
#include "index_reader.h"
#include "model/histogram.h"
#include "promblock/meta.h"
#include "tombstones.h"

namespace {

using narthex::promblock::IndexReader;

void ReadIndex(std::string_view bytes) {
  const auto index = IndexReader::Open(bytes);
  if (!index.ok()) return;
  narthex::promblock::SeriesEntry series;
  std::uint64_t offset = index->begin();
  while (true) {
    const auto has_one = index->Next(offset, series);
    if (!has_one.ok() || !*has_one) return;
  }
}

// An index whose symbols are one half of `bytes`, and its only series the other.
void ReadIndexOf(std::string_view bytes) {
  using narthex::PutBigEndian32;
  using narthex::PutBigEndian64;
  for (const char version : {'\1', '\2'}) {
    std::string index;
    PutBigEndian32(index, narthex::promblock::kIndexMagic);
    index.push_back(version);
    const std::string_view symbols = bytes.substr(0, bytes.size() / 2);
    PutBigEndian32(index, static_cast<std::uint32_t>(symbols.size()));
    index.append(symbols);
    PutBigEndian32(index, narthex::Crc32c(symbols));
    index.append((16 - index.size() % 16) % 16, '\0');
    const std::uint64_t series_at = index.size();
    const std::string_view series = bytes.substr(bytes.size() / 2);
    narthex::PutLengthPrefixed(index, series);
    PutBigEndian32(index, narthex::Crc32c(series));
    std::string contents;
    for (const std::uint64_t place : {std::uint64_t{5}, series_at}) PutBigEndian64(contents, place);
    contents.append(32, '\0');
    PutBigEndian32(contents, narthex::Crc32c(contents));
    ReadIndex(index + contents);
  }
}

void ReadTombstonesOf(std::string_view bytes) {
  std::string file;
  narthex::PutBigEndian32(file, narthex::promblock::kTombstonesMagic);
  file.push_back(static_cast<char>(narthex::promblock::kTombstonesVersion));
  file.append(bytes);
  narthex::PutBigEndian32(file, narthex::Crc32c(bytes));
  (void)narthex::promblock::ParseTombstones(file);
}

void ReadChunk(std::uint8_t kind, std::string_view bytes) {
  narthex::promblock::DecodedSamples samples;
  if (!narthex::promblock::DecodeChunk(kind, bytes, samples).ok()) return;
  samples.Finish();
  if (samples.times.empty()) return;
  // What could be read can be written.
  const auto columns = samples.Columns();
  for (std::size_t at = 0; at < columns.timestamps.size();) {
    const auto chunk = narthex::promblock::EncodeChunk(columns, at);
    narthex::promblock::DecodedSamples again;
    const auto status =
        narthex::promblock::DecodeChunk(static_cast<std::uint8_t>(chunk.kind), chunk.bytes, again);
    NARTHEX_CHECK(status.ok() && again.times.size() == chunk.sample_count, "reads what it wrote");
    at += chunk.sample_count;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view input(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  switch (bytes[0]) {
    case 'i':
      ReadIndex(input);
      break;
    case 'I':
      ReadIndexOf(input);
      break;
    case 'T':
      ReadTombstonesOf(input);
      break;
    case 't':
      (void)narthex::promblock::ParseTombstones(input);
      break;
    case 'm':
      (void)narthex::promblock::ParseMeta(input);
      break;
    default:
      ReadChunk(bytes[0], input);
  }
  return 0;
}
