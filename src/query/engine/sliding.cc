#include "sliding.h"

#include <algorithm>

namespace narthex::engine {
namespace {

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

}  // namespace narthex::engine
