// Sorting and merging that notice when nobody waits for them any more.
#pragma once

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <span>
#include <utility>
#include <vector>

#include "base/alive.h"
#include "base/result.h"

namespace narthex {

// Elements sorted or merged between two questions: a comparison of label sets takes up to 100 ns.
constexpr std::size_t kOrderedPerQuestion = std::size_t{8} << 10;

namespace alive_order {

// Merges two sorted neighbours into `out`, which has room for them behind what it holds. What is
// taken is cut off from them.
template <typename T, typename Less>
Status Merge(std::span<T>& left, std::span<T>& right, const Less& less, const AliveCheck& check,
             std::vector<T>& out) {
  while (!left.empty() || !right.empty()) {
    if (check && out.size() % kOrderedPerQuestion == 0) NARTHEX_TRY(check());
    const bool takes_right = left.empty() || (!right.empty() && less(right.front(), left.front()));
    std::span<T>& side = takes_right ? right : left;
    out.push_back(std::move(side.front()));
    side = side.subspan(1);
  }
  return Ok();
}

}  // namespace alive_order

// Sorts by `less`; of equal elements any may come first. After an error they are in any order.
// Memory: a second vector where there are more than kOrderedPerQuestion.
// Errors: those of `check`
template <typename T, typename Less>
Status SortWhileAlive(std::vector<T>& elements, const Less& less, const AliveCheck& check) {
  const std::span<T> all(elements);
  for (std::size_t begin = 0; begin < all.size(); begin += kOrderedPerQuestion) {
    if (check && begin > 0) NARTHEX_TRY(check());
    std::ranges::sort(all.subspan(begin, std::min(kOrderedPerQuestion, all.size() - begin)), less);
  }
  for (std::size_t run = kOrderedPerQuestion; run < elements.size(); run *= 2) {
    const std::span<T> runs(elements);
    std::vector<T> merged;
    merged.reserve(elements.size());
    for (std::size_t begin = 0; begin < runs.size(); begin += 2 * run) {
      const std::span<T> rest = runs.subspan(begin);
      std::span<T> left = rest.first(std::min(run, rest.size()));
      std::span<T> right =
          rest.subspan(left.size()).first(std::min(run, rest.size() - left.size()));
      T* const right_begin = right.data();
      if (Status status = alive_order::Merge(left, right, less, check, merged); !status.ok()) {
        // Back to where others were taken from: to free them is left to who owns them.
        auto from = merged.begin();
        const auto fill = [&from](T* at, const T* end) {
          while (at != end) *at++ = std::move(*from++);
        };
        fill(runs.data(), rest.data());
        fill(rest.data(), left.data());
        fill(right_begin, right.data());
        return status;
      }
    }
    elements = std::move(merged);
  }
  return Ok();
}

// What is in either or both of two lists, which ascend and have nothing twice.
// Errors: those of `check`
template <typename T>
Result<std::vector<T>> UniteWhileAlive(std::vector<T> left, std::vector<T> right,
                                       const AliveCheck& check) {
  if (left.empty()) return right;
  if (right.empty()) return left;
  AliveMeter meter(check, kOrderedPerQuestion);
  std::vector<T> united;
  united.reserve(std::max(left.size(), right.size()));
  auto a = left.begin();
  auto b = right.begin();
  while (a != left.end() && b != right.end()) {
    if (!meter.MayGoOn()) return meter.status().error();
    if (*b < *a) {
      united.push_back(std::move(*b++));
      continue;
    }
    if (!(*a < *b)) ++b;
    united.push_back(std::move(*a++));
  }
  std::move(a, left.end(), std::back_inserter(united));
  std::move(b, right.end(), std::back_inserter(united));
  return united;
}

}  // namespace narthex
