// One side of a histogram as counts by bucket, which is what arithmetic works on.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "model/histogram.h"

namespace narthex::model {

struct BucketCount {
  std::int32_t index = 0;
  double count = 0;
};

// Ascending by index, none twice.
using BucketList = std::vector<BucketCount>;

// Spans must not name more buckets than there are.
BucketList ToList(std::span<const HistogramSpan> spans, std::span<const double> counts);
// The inverse, neighbours in one span.
void FromList(const BucketList& list, std::vector<HistogramSpan>& spans,
              std::vector<double>& counts);

// The bucket of a wider schema, `step` >= 0 below, that holds bucket `index`; any of either.
inline std::int32_t WiderIndex(std::int32_t index, std::int32_t step) {
  // 64 bits: the lowest index less one, and steps beyond the width of an index, must not overflow.
  return static_cast<std::int32_t>(((std::int64_t{index} - 1) >> std::min(step, 63)) + 1);
}

// Adds up neighbours that have got the same index.
template <typename Bucket, typename Add>
void MergeEqualIndexes(std::vector<Bucket>& list, Add add) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (kept > 0 && list[kept - 1].index == list[i].index) {
      add(list[kept - 1], list[i]);
    } else {
      list[kept++] = list[i];
    }
  }
  list.resize(kept);
}

// The bounds that both have.
std::vector<double> CommonBounds(std::span<const double> a, std::span<const double> b);
// The bucket of `wider`, a part of `bounds`, that holds bucket `index` of `bounds`.
std::int32_t WiderCustomIndex(std::int32_t index, std::span<const double> bounds,
                              std::span<const double> wider);

}  // namespace narthex::model
