#include "sliding.h"

#include <algorithm>

namespace narthex::engine {
namespace {

// Four kilobytes: moved in less time than a cache miss takes.
constexpr std::size_t kBlockLengthMax = 512;

bool IsBefore(double a, double b) { return a != a ? b == b : a < b; }

FloatSum Join(FloatSum a, const FloatSum& b) {
  a.Add(b.sum);
  a.compensation += b.compensation;
  return a;
}

}  // namespace

FloatSum SlidingSum::Move(std::size_t begin, std::size_t end) {
  if (begin >= middle_) {
    // The older part is used up: all of the window becomes the older part.
    first_ = begin;
    middle_ = end_ = end;
    younger_ = {};
    suffixes_.resize(end - begin);
    FloatSum sum;
    for (std::size_t i = end; i-- > begin;) {
      sum.Add(values_[i]);
      suffixes_[i - first_] = sum;
    }
    return suffixes_[0];
  }
  for (; end_ < end; ++end_) younger_.Add(values_[end_]);
  return Join(suffixes_[begin - first_], younger_);
}

void SlidingOrder::Move(std::size_t begin, std::size_t end) {
  if (begin >= end_) {
    // Nothing of the last window is left.
    blocks_.clear();
    begin_ = end_ = begin;
  }
  for (; end_ < end; ++end_) Insert(values_[end_]);
  for (; begin_ < begin; ++begin_) Erase(values_[begin_]);
}

std::size_t SlidingOrder::BlockOf(double value) const {
  const auto found =
      std::partition_point(blocks_.begin(), blocks_.end(),
                           [value](const Block& block) { return IsBefore(block.back(), value); });
  const auto index = static_cast<std::size_t>(found - blocks_.begin());
  return std::min(index, blocks_.size() - 1);
}

void SlidingOrder::Insert(double value) {
  if (blocks_.empty()) {
    blocks_.push_back({value});
    return;
  }
  const std::size_t index = BlockOf(value);
  Block& block = blocks_[index];
  block.insert(std::ranges::upper_bound(block, value, IsBefore), value);
  if (block.size() <= kBlockLengthMax) return;
  const auto middle = block.begin() + static_cast<std::ptrdiff_t>(block.size() / 2);
  Block upper(middle, block.end());
  block.erase(middle, block.end());
  blocks_.insert(blocks_.begin() + static_cast<std::ptrdiff_t>(index) + 1, std::move(upper));
}

void SlidingOrder::Erase(double value) {
  const std::size_t index = BlockOf(value);
  Block& block = blocks_[index];
  block.erase(std::ranges::lower_bound(block, value, IsBefore));
  if (block.empty()) blocks_.erase(blocks_.begin() + static_cast<std::ptrdiff_t>(index));
}

double SlidingOrder::At(std::size_t rank) const {
  std::size_t index = 0;
  while (rank >= blocks_[index].size()) rank -= blocks_[index++].size();
  return blocks_[index][rank];
}

}  // namespace narthex::engine
