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
  // Its neighbour may be asked for next, as a difference to this one.
  const bool is_linked = record.head.parent_distance > 0;
  if (!is_linked) return Decode(record, i, 0, values);
  if (const auto known = buckets_.Find(KeyOf(record.place, i))) {
    if (known->size() != values.size()) return Damaged("a vector has two lengths");
    std::ranges::copy(*known, values.begin());
    return Ok();
  }
  NARTHEX_TRY(Decode(record, i, 0, values));
  buckets_.Add(KeyOf(record.place, i),
               std::make_shared<const std::vector<double>>(values.begin(), values.end()));
  return Ok();
}

Status PageReader::Decode(const Record& record, std::size_t i, std::size_t depth,
                          std::span<double> values) {
  const ItemPlace place = record.pages[i];
  const std::uint32_t size = record.head.vectors[i].size;
  NARTHEX_ASSIGN_OR_RETURN(std::string_view page, Item(place, size));
  chunk::PageContext context;
  BucketCache::Values parent;
  if (chunk::HasParent(page)) {
    NARTHEX_ASSIGN_OR_RETURN(parent, ParentValues(record, i, depth));
    context.parent = *parent;
    // The frames of the parents may have taken the place of this one.
    NARTHEX_ASSIGN_OR_RETURN(page, Item(place, size));
  }
  if (const auto shared = chunk::SharedPlace(page)) {
    const auto entry = frames_.Entry(FrameKind::kPages, place.frame);
    NARTHEX_ASSIGN_OR_RETURN(context.shared, frames_.Heap(entry->segment, *shared));
  }
  return chunk::DecodeValues(page, context, values);
}

Result<BucketCache::Values> PageReader::ParentValues(const Record& record, std::size_t i,
                                                     std::size_t depth) {
  const std::uint32_t distance = record.head.parent_distance;
  if (distance == 0 || distance > record.place.offset || depth >= kParentChainMax) {
    return Damaged("a bucket is the difference to one that is not there");
  }
  const ItemPlace place{record.place.frame, record.place.offset - distance};
  const std::size_t length = record.head.vectors[i].length;
  if (BucketCache::Values known = buckets_.Find(KeyOf(place, i))) {
    if (known->size() != length) return Damaged("a vector has two lengths");
    return known;
  }
  Record parent;
  NARTHEX_TRY(Open(place, SampleCountOf(record), parent));
  if (i >= parent.head.vectors.size() || parent.head.vectors[i].length != length ||
      parent.head.vectors[i].is_histogram) {
    return Damaged("a bucket is the difference to one of another length");
  }
  auto values = std::make_shared<std::vector<double>>(length);
  NARTHEX_TRY(Decode(parent, i, depth + 1, *values));
  buckets_.Add(KeyOf(place, i), values);
  return BucketCache::Values(std::move(values));
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
