// How lines of a body, and the series in them, are known again.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/hash.h"

namespace narthex::scrape {

using SeriesIndex = std::uint32_t;

// Stands for the text of a series, or of another line: texts with one key are the same as far as
// chance goes, and a target that contrives it otherwise mistakes its own series only.
using TextKey = Hash128Value;
TextKey KeyOf(std::string_view text);

}  // namespace narthex::scrape
