#include "bucket_list.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

namespace narthex::model {

BucketList ToList(std::span<const HistogramSpan> spans, std::span<const double> counts) {
  BucketList list;
  list.reserve(counts.size());
  // 64 bits: behind the last bucket there is, and after offsets that lead nowhere, too.
  std::int64_t index = 0;
  std::size_t next = 0;
  for (const HistogramSpan& span : spans) {
    index += span.offset;
    for (std::uint32_t i = 0; i < span.length && next < counts.size(); ++i) {
      list.push_back({static_cast<std::int32_t>(index++), counts[next++]});
    }
  }
  return list;
}

void FromList(const BucketList& list, std::vector<HistogramSpan>& spans,
              std::vector<double>& counts) {
  spans.clear();
  counts.clear();
  counts.reserve(list.size());
  std::int64_t expected = 0;
  for (const BucketCount& bucket : list) {
    if (spans.empty() || bucket.index != expected) {
      spans.push_back({static_cast<std::int32_t>(bucket.index - expected), 0});
    }
    ++spans.back().length;
    expected = std::int64_t{bucket.index} + 1;
    counts.push_back(bucket.count);
  }
}

std::vector<double> CommonBounds(std::span<const double> a, std::span<const double> b) {
  std::vector<double> common;
  std::ranges::set_intersection(a, b, std::back_inserter(common));
  return common;
}

std::int32_t WiderCustomIndex(std::int32_t index, std::span<const double> bounds,
                              std::span<const double> wider) {
  const auto at = static_cast<std::size_t>(index);
  const double upper = at < bounds.size() ? bounds[at] : std::numeric_limits<double>::infinity();
  return static_cast<std::int32_t>(std::ranges::lower_bound(wider, upper) - wider.begin());
}

}  // namespace narthex::model
