#include "segment.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/check.h"
#include "base/number.h"
#include "chunk/page.h"

namespace narthex::block {
namespace {

// A segment ends with a metric if it can, so that buckets stay together.
constexpr std::size_t kSizeAim = std::size_t{32} << 20;
constexpr std::size_t kSizeMax = std::size_t{64} << 20;
constexpr std::size_t kSeriesCountAim = 100'000;
constexpr std::size_t kSeriesCountMax = 200'000;
// A page that is not larger stands in the index: finding it elsewhere would cost about as much.
constexpr std::size_t kInlineSizeMax = 16;
// Of a record but for its pages: flags, distance and number of vectors; then for each vector.
constexpr std::size_t kRecordHeadSizeMax = 1 + 3 + 5;
constexpr std::size_t kVectorHeadSizeMax = 3 + 5 + 5;

double BoundOf(const model::LabelSet& labels) {
  const auto bound = ParseDouble(labels.Get(model::kBucketLabel));
  return bound && !std::isnan(*bound) ? *bound : -std::numeric_limits<double>::infinity();
}

std::string WithoutBound(const model::LabelSet& labels) {
  const std::string name(model::kBucketLabel);
  return std::string(labels.Drop(std::span(&name, 1)).encoded());
}

}  // namespace

Status SegmentWriter::Begin(const model::LabelSet& labels, Ordinals ordinals, Recoding recoding) {
  if (bytes_.size() >= kSizeMax || series_.size() >= kSeriesCountMax) {
    NARTHEX_TRY(Flush());
  } else if ((bytes_.size() >= kSizeAim || series_.size() >= kSeriesCountAim) &&
             series_.back().labels.Get(model::kMetricName) != labels.Get(model::kMetricName)) {
    NARTHEX_TRY(Flush());
  }
  Series& series = series_.emplace_back();
  series.labels = labels;
  series.ordinals = std::move(ordinals);
  series.recoding = recoding;
  series.is_bucket = labels.Has(model::kBucketLabel);
  return Ok();
}

void SegmentWriter::AddPage(std::string_view page, std::size_t length, bool is_histogram) {
  Series& series = series_.back();
  series.pages.push_back({bytes_.size(),
                          {static_cast<std::uint32_t>(length), is_histogram,
                           static_cast<std::uint32_t>(page.size())}});
  series.count += length;
  bytes_.append(page);
}

void SegmentWriter::AddStartTimes(std::string_view column) {
  series_.back().starts.push_back(
      {bytes_.size(), {0, false, static_cast<std::uint32_t>(column.size())}});
  bytes_.append(column);
}

bool SegmentWriter::CanBeInline(const Series& series) const {
  const Piece& first = series.pages.front();
  if (!series.starts.empty() || first.vector.is_histogram || first.vector.size > kInlineSizeMax) {
    return false;
  }
  if (series.pages.size() == 1) return true;
  // One page serves all vectors if it says the same value however many there are.
  return chunk::IsConstant(Bytes(first)) && std::ranges::all_of(series.pages, [&](const Piece& p) {
           return !p.vector.is_histogram && Bytes(p) == Bytes(first);
         });
}

std::vector<SegmentWriter::Series*> SegmentWriter::InOrderOfWriting() {
  std::vector<Series*> order;
  for (Series& series : series_) order.push_back(&series);
  struct Key {
    std::string rest;
    double bound;
    Series* series;
  };
  std::vector<Key> keys;
  for (std::size_t begin = 0; begin < order.size();) {
    // Buckets of one metric; whatever is between them stays where it is.
    const std::string_view metric = order[begin]->labels.Get(model::kMetricName);
    std::size_t end = begin;
    keys.clear();
    for (; end < order.size() && order[end]->labels.Get(model::kMetricName) == metric; ++end) {
      if (!order[end]->is_bucket) continue;
      keys.push_back({WithoutBound(order[end]->labels), BoundOf(order[end]->labels), order[end]});
    }
    std::ranges::stable_sort(keys, [](const Key& a, const Key& b) {
      return a.rest != b.rest ? a.rest < b.rest : a.bound > b.bound;
    });
    std::size_t next = 0;
    for (std::size_t i = begin; i < end; ++i) {
      if (order[i]->is_bucket) order[i] = keys[next++].series;
    }
    begin = end;
  }
  return order;
}

std::size_t SegmentWriter::RecordSizeMax(const Series& series) {
  std::size_t size = kRecordHeadSizeMax;
  for (const Piece& page : series.pages) size += kVectorHeadSizeMax + page.vector.size;
  for (const Piece& start : series.starts) size += start.vector.size;
  return size;
}

void SegmentWriter::CodeDifferences(Series& series, Parent& parent) {
  const bool can_be_parent =
      series.is_bucket && series.recoding == Recoding::kDifferences &&
      std::ranges::none_of(series.pages, [](const Piece& p) { return p.vector.is_histogram; });
  if (!can_be_parent) {
    parent.series = nullptr;
    return;
  }
  std::vector<double> values(series.count);
  std::size_t at = 0;
  for (const Piece& page : series.pages) {
    const Status decoded =
        chunk::DecodeValues(Bytes(page), std::span(values).subspan(at, page.vector.length));
    NARTHEX_CHECK(decoded.ok(), "a page that was just encoded can be read");
    at += page.vector.length;
  }
  std::string key = WithoutBound(series.labels);
  const bool has_parent = parent.series != nullptr && !series.begins_frame &&
                          parent.depth < kParentChainMax && parent.key == key &&
                          parent.series->ordinals == series.ordinals &&
                          parent.series->pages.size() == series.pages.size();
  at = 0;
  for (Piece& page : series.pages) {
    if (!has_parent) break;
    scratch_.clear();
    if (chunk::EncodeDifference(std::span(values).subspan(at, page.vector.length),
                                std::span(parent.values).subspan(at, page.vector.length),
                                page.vector.size, scratch_)) {
      page.offset = bytes_.size();
      page.vector.size = static_cast<std::uint32_t>(scratch_.size());
      bytes_.append(scratch_);
      series.has_parent = true;
    }
    at += page.vector.length;
  }
  parent.depth = series.has_parent ? parent.depth + 1 : 0;
  parent.series = &series;
  parent.key = std::move(key);
  parent.values = std::move(values);
}

void SegmentWriter::LayOut(const std::vector<Series*>& order) {
  Parent parent;
  std::size_t frame_size = kFrameSizeMax;  // as if full: the first record begins a frame
  for (Series* series : order) {
    series->is_inline = CanBeInline(*series);
    if (series->is_inline) {
      parent.series = nullptr;
      continue;
    }
    // Sizes before sharing, which only makes them smaller.
    const std::size_t size = RecordSizeMax(*series);
    series->begins_frame = frame_size + size > kFrameSizeMax;
    if (series->begins_frame) frame_size = 0;
    CodeDifferences(*series, parent);
    frame_size += RecordSizeMax(*series);
  }
}

Status SegmentWriter::WriteRecord(Series& series, const Series* before,
                                  chunk::SharedPayloads& shared) {
  if (series.begins_frame) NARTHEX_TRY(pages_.EndFrame());
  RecordHead head;
  std::string body;
  for (const Piece& page : series.pages) {
    const std::size_t size = body.size();
    if (page.vector.is_histogram) {
      body.append(Bytes(page));
    } else {
      shared.Rewrite(Bytes(page), body);
    }
    head.vectors.push_back(page.vector);
    head.vectors.back().size = static_cast<std::uint32_t>(body.size() - size);
  }
  for (const Piece& start : series.starts) {
    body.append(Bytes(start));
    head.start_sizes.push_back(start.vector.size);
  }
  if (series.has_parent) {
    NARTHEX_CHECK(before != nullptr, "a parent is written before its child");
    const ItemPlace next = pages_.next();
    NARTHEX_CHECK(next.frame == before->record.frame, "a parent is in the frame of its child");
    head.parent_distance = next.offset - before->record.offset;
  }
  scratch_.clear();
  PutRecordHead(scratch_, head, series.count);
  NARTHEX_ASSIGN_OR_RETURN(series.record, pages_.Put(scratch_));
  std::string_view rest = body;
  const auto put = [&](std::uint32_t size) -> Status {
    NARTHEX_TRY(pages_.Put(rest.substr(0, size)));
    rest.remove_prefix(size);
    return Ok();
  };
  for (const VectorEntry& vector : head.vectors) NARTHEX_TRY(put(vector.size));
  for (const std::uint32_t size : head.start_sizes) NARTHEX_TRY(put(size));
  return Ok();
}

Status SegmentWriter::Flush() {
  if (series_.empty()) return Ok();
  const std::vector<Series*> order = InOrderOfWriting();
  LayOut(order);

  chunk::SharedPayloads shared;
  for (const Series* series : order) {
    if (series->is_inline) continue;
    for (const Piece& page : series->pages) {
      if (!page.vector.is_histogram) shared.Count(Bytes(page));
    }
  }
  const Series* before = nullptr;
  for (Series* series : order) {
    if (series->is_inline) continue;
    NARTHEX_TRY(WriteRecord(*series, before, shared));
    before = series;
  }
  NARTHEX_TRY(pages_.EndFrame());
  NARTHEX_TRY(frames_.EndSegment(shared.heap()));

  for (Series& series : series_) {
    SeriesEntry entry;
    entry.ordinals = std::move(series.ordinals);
    if (series.is_inline) entry.inline_page = Bytes(series.pages.front());
    entry.record = series.record;
    scratch_.clear();
    PutSeriesEntry(scratch_, entry);
    index_.Add(series.labels, scratch_);
  }
  series_.clear();
  bytes_.clear();
  return Ok();
}

}  // namespace narthex::block
