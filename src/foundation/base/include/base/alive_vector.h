// Vectors that grow without a long pause.
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "base/alive.h"
#include "base/result.h"

namespace narthex {

// Elements moved between two questions: some 10 ns each.
constexpr std::size_t kMovedPerQuestion = std::size_t{16} << 10;

// Adds `element`, and asks while all are moved to where there is more room.
// Errors: those of `check`; the vector is then as it was
template <typename T>
Status PushBackWhileAlive(std::vector<T>& elements, T element, const AliveCheck& check) {
  if (elements.size() < elements.capacity() || elements.size() < kMovedPerQuestion) {
    elements.push_back(std::move(element));
    return Ok();
  }
  std::vector<T> larger;
  larger.reserve(elements.size() * 2);
  for (std::size_t i = 0; i < elements.size(); ++i) {
    if (check && i % kMovedPerQuestion == 0) {
      if (Status status = check(); !status.ok()) {
        // Back to where they were: to free them is left to who owns them.
        std::ranges::move(larger, elements.begin());
        return status;
      }
    }
    larger.push_back(std::move(elements[i]));
  }
  larger.push_back(std::move(element));
  elements = std::move(larger);
  return Ok();
}

}  // namespace narthex
