#include <algorithm>
#include <bit>
#include <limits>
#include <numeric>

#include "index/posting_list.h"
#include "posting_format.h"

namespace narthex::index {
namespace {

// Up to here merging list by list beats sorting.
constexpr std::size_t kMergeListCountMax = 8;
// Ids are spread over no more than this many bits each: a bitmap beats sorting.
constexpr std::uint64_t kBitmapBitsPerId = 128;

}  // namespace

PostingCursor::PostingCursor(const PostingView& view)
    : tokens_(view.tokens), skips_(view.skips), id_end_(view.id_end) {
  ReadToken(0);
}

void PostingCursor::ReadToken(std::uint64_t base) {
  const Token token = ReadTokenAt(tokens_, offset_);
  // As long as ids are below 2^32 nothing here overflows: both factors are below 2^33.
  if (token.count == 0 || token.gap == 0 || token.gap > id_end_ ||
      base + token.gap * token.count > id_end_) {
    next_id_ = 0;
    left_ = 0;
    offset_ = tokens_.size();
    return;
  }
  offset_ += token.size;
  gap_ = token.gap;
  next_id_ = base + token.gap;
  left_ = static_cast<std::uint32_t>(token.count - 1);
}

bool PostingCursor::Jump(std::uint64_t target) {
  // The last place that is still before `target`; doubling steps, as most seeks are short.
  const std::size_t count = skips_.size() / kSkipSize;
  std::size_t low = 0;
  std::size_t high = 1;
  while (high <= count && ReadSkip(skips_, high - 1).base < target) {
    low = high;
    high *= 2;
  }
  high = std::min(high, count + 1);
  while (high - low > 1) {
    const std::size_t middle = low + (high - low) / 2;
    (ReadSkip(skips_, middle - 1).base < target ? low : high) = middle;
  }
  if (low == 0) return false;
  const Skip skip = ReadSkip(skips_, low - 1);
  skips_.remove_prefix(low * kSkipSize);
  if (skip.offset <= offset_ || skip.offset > tokens_.size()) return false;
  // Ids ascend, come what may.
  if (skip.base < next_id_ + gap_ * left_) return false;
  offset_ = skip.offset;
  ReadToken(skip.base);
  return true;
}

void PostingCursor::SeekForward(SeriesId target) {
  const std::uint64_t wanted = std::uint64_t{target} + 1;
  while (!at_end() && next_id_ < wanted) {
    const std::uint64_t last = next_id_ + gap_ * left_;
    if (wanted <= last) {
      const std::uint64_t distance = wanted - next_id_;
      const std::uint64_t steps = gap_ == 1 ? distance : (distance + gap_ - 1) / gap_;
      next_id_ += steps * gap_;
      left_ -= static_cast<std::uint32_t>(steps);
      return;
    }
    if (skips_.empty() || !Jump(wanted)) ReadToken(last);
  }
}

void PostingCursor::AppendTo(std::vector<SeriesId>& out) {
  while (!at_end()) {
    if (gap_ == 1 && left_ > 0) {
      const std::size_t old_size = out.size();
      out.resize(old_size + left_ + 1);
      std::iota(out.begin() + static_cast<std::ptrdiff_t>(old_size), out.end(), id());
      Advance(left_);
    } else {
      out.push_back(id());
    }
    Next();
  }
}

namespace {

// The bits of the ids of all lists, counted from `first`.
std::vector<SeriesId> UnionByBitmap(std::span<const PostingView> lists, SeriesId first,
                                    std::size_t bit_count) {
  std::vector<std::uint64_t> words(bit_count / 64 + 1);
  std::size_t count = 0;
  for (const PostingView& list : lists) {
    for (PostingCursor cursor(list); !cursor.at_end(); cursor.Next(), ++count) {
      const SeriesId bit = cursor.id() - first;
      // A malformed list may leave the range that the others span.
      if (bit / 64 < words.size()) words[bit / 64] |= std::uint64_t{1} << (bit % 64);
    }
  }
  std::vector<SeriesId> ids;
  ids.reserve(count);
  for (std::size_t i = 0; i < words.size(); ++i) {
    for (std::uint64_t word = words[i]; word != 0; word &= word - 1) {
      ids.push_back(first + static_cast<SeriesId>(i * 64) +
                    static_cast<SeriesId>(std::countr_zero(word)));
    }
  }
  return ids;
}

SeriesId LastOf(PostingView list) {
  PostingCursor cursor(list);
  SeriesId last = 0;
  if (list.skips.size() >= kSkipSize) {
    const std::size_t at = list.skips.size() / kSkipSize - 1;
    cursor.Seek(static_cast<SeriesId>(ReadSkip(list.skips, at).base));
  }
  for (; !cursor.at_end(); cursor.Next()) {
    cursor.Advance(cursor.run_left());
    last = cursor.id();
  }
  return last;
}

}  // namespace

std::vector<SeriesId> Union(std::span<const PostingView> lists) {
  std::vector<SeriesId> ids;
  std::size_t count = 0;
  for (const PostingView& list : lists) count += list.count;
  if (lists.size() > kMergeListCountMax) {
    SeriesId first = std::numeric_limits<SeriesId>::max();
    SeriesId last = 0;
    for (const PostingView& list : lists) {
      const PostingCursor cursor(list);
      if (cursor.at_end()) continue;
      first = std::min(first, cursor.id());
      last = std::max(last, LastOf(list));
    }
    if (first > last) return ids;
    const std::uint64_t span = std::uint64_t{last} - first + 1;
    if (span / kBitmapBitsPerId <= count) return UnionByBitmap(lists, first, span);
  }
  ids.reserve(count);
  for (const PostingView& list : lists) {
    const auto middle = static_cast<std::ptrdiff_t>(ids.size());
    PostingCursor(list).AppendTo(ids);
    if (lists.size() <= kMergeListCountMax) {
      std::inplace_merge(ids.begin(), ids.begin() + middle, ids.end());
    }
  }
  if (lists.size() > kMergeListCountMax) std::ranges::sort(ids);
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

}  // namespace narthex::index
