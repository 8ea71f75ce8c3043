#include "index_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>
#include <unordered_map>

#include "base/bytes.h"
#include "base/hash.h"
#include "format.h"

namespace narthex::promblock {
namespace {

constexpr std::size_t kFlushSize = std::size_t{1} << 20;
constexpr std::uint8_t kVersion = 2;

// A file written front to back, with the offset at hand.
class Output {
 public:
  explicit Output(io::File& file) : file_(file) {}

  std::uint64_t offset() const { return flushed_size_ + buffer_.size(); }
  std::string& buffer() { return buffer_; }

  Status FlushIfFull() { return buffer_.size() >= kFlushSize ? Flush() : Ok(); }
  Status Flush() {
    NARTHEX_TRY(file_.Append(buffer_));
    flushed_size_ += buffer_.size();
    buffer_.clear();
    return Ok();
  }
  void AlignTo(std::uint64_t size) {
    buffer_.append(static_cast<std::size_t>((size - offset() % size) % size), '\0');
  }
  // Length, bytes, checksum.
  Status PutSection(std::string_view bytes) {
    if (bytes.size() > std::numeric_limits<std::uint32_t>::max()) {
      return Error{ErrorCode::kResourceExhausted, "a section of the index is larger than 4 GiB"};
    }
    PutBigEndian32(buffer_, static_cast<std::uint32_t>(bytes.size()));
    buffer_.append(bytes);
    PutBigEndian32(buffer_, Crc32c(bytes));
    return FlushIfFull();
  }

 private:
  io::File& file_;
  std::uint64_t flushed_size_ = 0;
  std::string buffer_;
};

void PutChunks(std::string& out, std::span<const ChunkEntry> chunks) {
  PutVarint(out, chunks.size());
  const ChunkEntry* previous = nullptr;
  for (const ChunkEntry& chunk : chunks) {
    const auto min_time = static_cast<std::uint64_t>(chunk.min_time);
    if (previous == nullptr) {
      PutSignedVarint(out, chunk.min_time);
    } else {
      PutVarint(out, min_time - static_cast<std::uint64_t>(previous->max_time));
    }
    PutVarint(out, static_cast<std::uint64_t>(chunk.max_time) - min_time);
    if (previous == nullptr) {
      PutVarint(out, chunk.place);
    } else {
      PutSignedVarint(out, static_cast<std::int64_t>(chunk.place - previous->place));
    }
    previous = &chunk;
  }
}

}  // namespace

struct IndexWriter::Parts {
  struct Pair {
    std::uint32_t name;
    std::uint32_t value;
  };
  struct Series {
    std::uint64_t label_begin;  // in `labels`, up to that of the next series
    std::uint64_t chunk_begin;  // in `chunks`
  };

  std::uint32_t Intern(std::string_view text) {
    const auto found = numbers.find(text);
    if (found != numbers.end()) return found->second;
    const auto number = static_cast<std::uint32_t>(symbols.size());
    // The map's keys stay where they are, the table's copies might not.
    symbols.push_back(std::make_unique<std::string>(text));
    numbers.emplace(*symbols.back(), number);
    return number;
  }

  Status PutSymbols(Output& out);
  Status PutSeries(Output& out);
  Status PutPostings(Output& out);

  std::vector<std::unique_ptr<std::string>> symbols;  // in order of coming
  std::unordered_map<std::string_view, std::uint32_t> numbers;
  std::vector<Pair> labels;
  std::string chunks;  // encoded
  std::vector<Series> series;

  // Made while writing.
  std::vector<std::uint32_t> ranks;  // of symbols
  TableOfContents contents;
  std::vector<std::uint32_t> ids;                                   // of all series
  std::map<std::uint64_t, std::vector<std::uint32_t>> ids_of_pair;  // by ranks, the name's upper
};

Status IndexWriter::Parts::PutSymbols(Output& out) {
  std::vector<std::uint32_t> order(symbols.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::sort(order,
                    [&](std::uint32_t a, std::uint32_t b) { return *symbols[a] < *symbols[b]; });
  ranks.resize(symbols.size());
  std::string section;
  PutBigEndian32(section, static_cast<std::uint32_t>(order.size()));
  for (std::uint32_t rank = 0; rank < order.size(); ++rank) {
    ranks[order[rank]] = rank;
    PutLengthPrefixed(section, *symbols[order[rank]]);
  }
  contents.symbols = out.offset();
  return out.PutSection(section);
}

Status IndexWriter::Parts::PutSeries(Output& out) {
  out.AlignTo(kSeriesAlignment);
  contents.series = out.offset();
  std::string body;
  for (std::size_t i = 0; i < series.size(); ++i) {
    const bool is_last = i + 1 == series.size();
    const std::uint64_t label_end = is_last ? labels.size() : series[i + 1].label_begin;
    const std::uint64_t chunk_end = is_last ? chunks.size() : series[i + 1].chunk_begin;
    out.AlignTo(kSeriesAlignment);
    const std::uint64_t id = out.offset() / kSeriesAlignment;
    if (id > std::numeric_limits<std::uint32_t>::max()) {
      return Error{ErrorCode::kResourceExhausted, "the series of the index are larger than 64 GiB"};
    }
    ids.push_back(static_cast<std::uint32_t>(id));
    body.clear();
    PutVarint(body, label_end - series[i].label_begin);
    for (std::uint64_t at = series[i].label_begin; at < label_end; ++at) {
      const std::uint64_t name = ranks[labels[at].name];
      const std::uint64_t value = ranks[labels[at].value];
      PutVarint(body, name);
      PutVarint(body, value);
      ids_of_pair[name << 32 | value].push_back(ids.back());
    }
    body.append(chunks, series[i].chunk_begin, chunk_end - series[i].chunk_begin);
    PutLengthPrefixed(out.buffer(), body);
    PutBigEndian32(out.buffer(), Crc32c(body));
    NARTHEX_TRY(out.FlushIfFull());
  }
  return Ok();
}

Status IndexWriter::Parts::PutPostings(Output& out) {
  std::vector<std::uint32_t> order(symbols.size());
  for (std::uint32_t number = 0; number < symbols.size(); ++number) order[ranks[number]] = number;
  std::string offsets;
  std::string section;
  // The empty pair comes first and has all series.
  const auto put = [&](std::string_view name, std::string_view value,
                       const std::vector<std::uint32_t>& members) {
    out.AlignTo(4);
    offsets.push_back('\2');  // strings in the key
    PutLengthPrefixed(offsets, name);
    PutLengthPrefixed(offsets, value);
    PutVarint(offsets, out.offset());
    section.clear();
    PutBigEndian32(section, static_cast<std::uint32_t>(members.size()));
    for (const std::uint32_t id : members) PutBigEndian32(section, id);
    return out.PutSection(section);
  };
  out.AlignTo(4);
  contents.postings = out.offset();
  PutBigEndian32(offsets, static_cast<std::uint32_t>(ids_of_pair.size() + 1));
  NARTHEX_TRY(put("", "", ids));
  for (const auto& [pair, members] : ids_of_pair) {
    NARTHEX_TRY(put(*symbols[order[pair >> 32]], *symbols[order[pair & 0xffffffff]], members));
  }
  contents.posting_offsets = out.offset();
  return out.PutSection(offsets);
}

IndexWriter::IndexWriter() : parts_(std::make_unique<Parts>()) { parts_->Intern(""); }

IndexWriter::~IndexWriter() = default;

std::uint64_t IndexWriter::series_count() const { return parts_->series.size(); }

void IndexWriter::Add(const model::LabelSet& labels, std::span<const ChunkEntry> chunks) {
  parts_->series.push_back({parts_->labels.size(), parts_->chunks.size()});
  for (const model::Label& label : labels) {
    parts_->labels.push_back({parts_->Intern(label.name), parts_->Intern(label.value)});
  }
  PutChunks(parts_->chunks, chunks);
}

Status IndexWriter::WriteTo(io::File& file) {
  Output out(file);
  PutBigEndian32(out.buffer(), kIndexMagic);
  out.buffer().push_back(static_cast<char>(kVersion));
  NARTHEX_TRY(parts_->PutSymbols(out));
  NARTHEX_TRY(parts_->PutSeries(out));
  NARTHEX_TRY(parts_->PutPostings(out));
  const TableOfContents& contents = parts_->contents;
  std::string table;
  for (const std::uint64_t place :
       {contents.symbols, contents.series, contents.label_indices, contents.label_offsets,
        contents.postings, contents.posting_offsets}) {
    PutBigEndian64(table, place);
  }
  PutBigEndian32(table, Crc32c(table));
  out.buffer().append(table);
  return out.Flush();
}

}  // namespace narthex::promblock
