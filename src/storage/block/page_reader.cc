#include "page_reader.h"

#include <algorithm>
#include <numeric>

#include "chunk/histogram_page.h"
#include "chunk/page.h"
#include "chunk/shared_payloads.h"

namespace narthex::block {
namespace {

Error Damaged(std::string_view what) {
  return {ErrorCode::kCorruption, std::string("pages: ").append(what)};
}

}  // namespace

Result<std::string_view> PageReader::Frame(std::uint32_t number) {
  const auto entry = frames_.Entry(FrameKind::kPages, number);
  if (!entry) return Damaged("a series refers to a frame that is not there");
  if (entry->stored_size == entry->raw_size) return frames_.Stored(FrameKind::kPages, number);
  ++clock_;
  for (Decompressed& frame : decompressed_) {
    if (frame.number != number) continue;
    frame.used_at = clock_;
    return std::string_view(frame.bytes);
  }
  NARTHEX_ASSIGN_OR_RETURN(const std::string_view stored,
                           frames_.Stored(FrameKind::kPages, number));
  Decompressed& oldest = *std::ranges::min_element(decompressed_, {}, &Decompressed::used_at);
  oldest.number = UINT32_MAX;
  NARTHEX_TRY(FrameTable::Decompress(*entry, stored, oldest.bytes));
  oldest.number = number;
  oldest.used_at = clock_;
  return std::string_view(oldest.bytes);
}

Result<std::string_view> PageReader::Item(ItemPlace place, std::uint32_t size) {
  NARTHEX_ASSIGN_OR_RETURN(const std::string_view frame, Frame(place.frame));
  if (place.offset > frame.size() || size > frame.size() - place.offset) {
    return Damaged("an item is not where it should be");
  }
  return frame.substr(place.offset, size);
}

Status PageReader::Open(ItemPlace place, std::uint64_t count, Record& record) {
  NARTHEX_ASSIGN_OR_RETURN(const std::string_view frame, Frame(place.frame));
  if (place.offset > frame.size()) return Damaged("a record is not where it should be");
  record.place = place;
  NARTHEX_ASSIGN_OR_RETURN(const std::size_t head_size,
                           ReadRecordHead(frame.substr(place.offset), count, record.head));
  record.pages.clear();
  record.starts.clear();
  ItemPlace next{place.frame, place.offset + static_cast<std::uint32_t>(head_size)};
  const auto add = [&](std::uint32_t size, std::vector<ItemPlace>& places) -> Status {
    NARTHEX_ASSIGN_OR_RETURN(const ItemPlace item, frames_.Fit(FrameKind::kPages, next, size));
    places.push_back(item);
    next = {item.frame, item.offset + size};
    return Ok();
  };
  for (const VectorEntry& vector : record.head.vectors) {
    NARTHEX_TRY(add(vector.size, record.pages));
  }
  for (const std::uint32_t size : record.head.start_sizes) NARTHEX_TRY(add(size, record.starts));
  return Ok();
}

std::uint64_t PageReader::SampleCountOf(const Record& record) {
  return std::accumulate(record.head.vectors.begin(), record.head.vectors.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const VectorEntry& v) { return sum + v.length; });
}

Status PageReader::ReadValues(const Record& record, std::size_t i, std::span<double> values) {
  if (record.head.parent_distance > 0) {
    NARTHEX_ASSIGN_OR_RETURN(const BucketValues linked, ReadLinked(record, {i, i + 1}));
    if (linked.count != values.size()) return Damaged("a vector has two lengths");
    std::ranges::copy(linked.span(), values.begin());
    return Ok();
  }
  NARTHEX_ASSIGN_OR_RETURN(const std::string_view page,
                           Item(record.pages[i], record.head.vectors[i].size));
  return Decode(record, page, {}, values);
}

Status PageReader::Decode(const Record& record, std::string_view page,
                          std::span<const double> parent, std::span<double> values) {
  chunk::PageContext context;
  context.parent = parent;
  if (const auto shared = chunk::SharedPlace(page)) {
    const auto entry = frames_.Entry(FrameKind::kPages, record.place.frame);
    NARTHEX_ASSIGN_OR_RETURN(context.shared, frames_.Heap(entry->segment, *shared));
  }
  return chunk::DecodeValues(page, context, values);
}

Result<BucketValues> PageReader::ReadLinked(const Record& record, VectorRange vectors,
                                            std::size_t depth) {
  std::size_t count = 0;
  for (std::size_t i = vectors.begin; i < vectors.end; ++i) count += record.head.vectors[i].length;
  const BucketCache::Key key = {record.place.frame, record.place.offset,
                                static_cast<std::uint32_t>(vectors.begin),
                                static_cast<std::uint32_t>(vectors.end - vectors.begin)};
  if (BucketValues known = buckets_.Find(key); known.first != nullptr) {
    if (known.count != count) return Damaged("a vector has two lengths");
    return known;
  }
  const auto values = std::make_shared_for_overwrite<double[]>(count);
  BucketValues parent;
  std::size_t at = 0;
  for (std::size_t i = vectors.begin; i < vectors.end; ++i) {
    const std::uint32_t size = record.head.vectors[i].size;
    NARTHEX_ASSIGN_OR_RETURN(std::string_view page, Item(record.pages[i], size));
    if (chunk::HasParent(page) && parent.first == nullptr) {
      NARTHEX_ASSIGN_OR_RETURN(parent, ReadParent(record, vectors, depth));
      // The frames of the parents may have taken the place of this one.
      NARTHEX_ASSIGN_OR_RETURN(page, Item(record.pages[i], size));
    }
    const std::size_t length = record.head.vectors[i].length;
    const auto same_of_parent =
        chunk::HasParent(page) ? parent.span().subspan(at, length) : std::span<const double>();
    NARTHEX_TRY(Decode(record, page, same_of_parent, std::span(values.get() + at, length)));
    at += length;
  }
  BucketValues read{values, count};
  buckets_.Add(key, read);
  return read;
}

Result<BucketValues> PageReader::ReadParent(const Record& record, VectorRange vectors,
                                            std::size_t depth) {
  const std::uint32_t distance = record.head.parent_distance;
  if (distance == 0 || distance > record.place.offset || depth >= kParentChainMax) {
    return Damaged("a bucket is the difference to one that is not there");
  }
  const ItemPlace place{record.place.frame, record.place.offset - distance};
  Record& parent = parents_[depth];
  NARTHEX_TRY(Open(place, SampleCountOf(record), parent));
  const auto& own = record.head.vectors;
  const auto& of_parent = parent.head.vectors;
  for (std::size_t i = vectors.begin; i < vectors.end; ++i) {
    if (i >= of_parent.size() || of_parent[i].length != own[i].length ||
        of_parent[i].is_histogram) {
      return Damaged("a bucket is the difference to one of another length");
    }
  }
  return ReadLinked(parent, vectors, depth + 1);
}

Status PageReader::ReadHistograms(const Record& record, std::size_t i,
                                  std::vector<model::FloatHistogram>& histograms) {
  const VectorEntry& vector = record.head.vectors[i];
  NARTHEX_ASSIGN_OR_RETURN(const std::string_view page, Item(record.pages[i], vector.size));
  return chunk::DecodeHistograms(page, vector.length, histograms);
}

Status PageReader::ReadStartTimes(const Record& record, std::size_t i,
                                  std::span<model::TimestampMs> times) {
  NARTHEX_ASSIGN_OR_RETURN(const std::string_view column,
                           Item(record.starts[i], record.head.start_sizes[i]));
  return chunk::DecodeTimes(column, times);
}

}  // namespace narthex::block
