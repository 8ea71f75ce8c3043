// The order in which people count: a2 before a10.
#pragma once

#include <compare>
#include <string_view>

namespace narthex::engine {

// Runs of digits compare as numbers, all else byte by byte.
std::strong_ordering CompareNaturally(std::string_view a, std::string_view b);

}  // namespace narthex::engine
