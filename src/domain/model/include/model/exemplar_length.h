// How long the labels of an exemplar are, and may be.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "model/labels.h"

namespace narthex::model {

// Source: OpenMetrics 1.0, "Exemplars".
inline constexpr std::size_t kExemplarLengthMax = 128;

// Characters of all names and values together; the labels must be UTF-8.
inline std::size_t ExemplarLength(const LabelSet& labels) {
  const auto count = [](std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(
        text, [](char byte) { return (static_cast<unsigned char>(byte) & 0xc0) != 0x80; }));
  };
  std::size_t length = 0;
  for (const Label& label : labels) length += count(label.name) + count(label.value);
  return length;
}

}  // namespace narthex::model
