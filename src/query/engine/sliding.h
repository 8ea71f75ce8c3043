// Sums and extremes of windows that move on, at a cost of samples + steps instead of their product.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <vector>

#include "float_sum.h"

namespace narthex::engine {

// The sum of values[begin, end) for windows whose ends never go back.
//
// Keeps the sums of all suffixes of an older part and one sum of the younger part; when the older
// part is used up, the younger becomes it. So nothing is ever subtracted, and a NaN or an infinity
// leaves no trace once it is out of the window.
class SlidingSum {
 public:
  explicit SlidingSum(std::span<const double> values) : values_(values) {}

  // begin < end, and neither less than the last time.
  FloatSum Move(std::size_t begin, std::size_t end);

 private:
  const std::span<const double> values_;
  std::vector<FloatSum> suffixes_;  // of [first_, middle_)
  std::size_t first_ = 0;
  std::size_t middle_ = 0;
  std::size_t end_ = 0;
  FloatSum younger_;  // of [middle_, end_)
};

// The least or greatest of values[begin, end); NaN only where there is nothing else.
template <bool kIsMin>
class SlidingExtreme {
 public:
  explicit SlidingExtreme(std::span<const double> values) : values_(values) {}

  // begin < end, and neither less than the last time.
  double Move(std::size_t begin, std::size_t end) {
    for (; end_ < end; ++end_) Offer(end_);
    while (!best_.empty() && best_.front() < begin) best_.pop_front();
    return best_.empty() ? kNaN : values_[best_.front()];
  }

 private:
  // What an index before it can no longer win against leaves.
  void Offer(std::size_t index) {
    const double value = values_[index];
    if (value != value) return;
    while (!best_.empty() &&
           (kIsMin ? values_[best_.back()] > value : values_[best_.back()] < value)) {
      best_.pop_back();
    }
    best_.push_back(index);
  }

  const std::span<const double> values_;
  std::deque<std::size_t> best_;
  std::size_t end_ = 0;
};

// values[begin, end) in order; NaN before all others.
//
// Cost of a move: for each value that comes or goes a search and half a block moved; of a look: the
// number of blocks.
class SlidingOrder {
 public:
  explicit SlidingOrder(std::span<const double> values) : values_(values) {}

  // begin < end, and neither less than the last time.
  void Move(std::size_t begin, std::size_t end);
  // The value at `rank`, counted from 0, below end - begin.
  double At(std::size_t rank) const;

 private:
  using Block = std::vector<double>;  // in order, never empty

  // The first block whose last value is not before `value`, or the last block.
  std::size_t BlockOf(double value) const;
  void Insert(double value);
  void Erase(double value);

  const std::span<const double> values_;
  std::vector<Block> blocks_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace narthex::engine
