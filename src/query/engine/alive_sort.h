// Sorting that notices when its query has ended.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "base/result.h"
#include "context.h"

namespace narthex::engine {

// Elements sorted or merged between two questions: a comparison of label sets takes up to 100 ns.
constexpr std::size_t kSortedPerQuestion = std::size_t{8} << 10;

namespace alive_sort {

// Merges two sorted neighbours into `out`, which has room for them behind what it holds.
template <typename T, typename Less>
Status Merge(std::span<T> left, std::span<T> right, const Less& less, Context& context,
             std::vector<T>& out) {
  auto a = left.begin();
  auto b = right.begin();
  while (a != left.end() || b != right.end()) {
    if (out.size() % kSortedPerQuestion == 0) NARTHEX_TRY(context.CheckAlive());
    const bool takes_right = a == left.end() || (b != right.end() && less(*b, *a));
    out.push_back(std::move(takes_right ? *b++ : *a++));
  }
  return Ok();
}

}  // namespace alive_sort

// Sorts by `less`; of equal elements any may come first. After an error the elements are lost.
// Memory: a second vector where there are more than kSortedPerQuestion.
// Errors: those of Context::CheckAlive
template <typename T, typename Less>
Status SortWhileAlive(std::vector<T>& elements, const Less& less, Context& context) {
  const std::span<T> all(elements);
  for (std::size_t begin = 0; begin < all.size(); begin += kSortedPerQuestion) {
    if (begin > 0) NARTHEX_TRY(context.CheckAlive());
    std::ranges::sort(all.subspan(begin, std::min(kSortedPerQuestion, all.size() - begin)), less);
  }
  for (std::size_t run = kSortedPerQuestion; run < elements.size(); run *= 2) {
    const std::span<T> runs(elements);
    std::vector<T> merged;
    merged.reserve(elements.size());
    for (std::size_t begin = 0; begin < runs.size(); begin += 2 * run) {
      const std::span<T> rest = runs.subspan(begin);
      const std::span<T> left = rest.first(std::min(run, rest.size()));
      const std::span<T> right =
          rest.subspan(left.size()).first(std::min(run, rest.size() - left.size()));
      NARTHEX_TRY(alive_sort::Merge(left, right, less, context, merged));
    }
    elements = std::move(merged);
  }
  return Ok();
}

}  // namespace narthex::engine
