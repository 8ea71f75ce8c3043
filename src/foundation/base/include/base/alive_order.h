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

// Merges two sorted neighbours into `out`, which has room for them behind what it holds.
template <typename T, typename Less>
Status Merge(std::span<T> left, std::span<T> right, const Less& less, const AliveCheck& check,
             std::vector<T>& out) {
  auto a = left.begin();
  auto b = right.begin();
  while (a != left.end() || b != right.end()) {
    if (check && out.size() % kOrderedPerQuestion == 0) NARTHEX_TRY(check());
    const bool takes_right = a == left.end() || (b != right.end() && less(*b, *a));
    out.push_back(std::move(takes_right ? *b++ : *a++));
  }
  return Ok();
}

}  // namespace alive_order

// Sorts by `less`; of equal elements any may come first. After an error the elements are lost.
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
      const std::span<T> left = rest.first(std::min(run, rest.size()));
      const std::span<T> right =
          rest.subspan(left.size()).first(std::min(run, rest.size() - left.size()));
      NARTHEX_TRY(alive_order::Merge(left, right, less, check, merged));
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
