// Searching for a part of a text.
#pragma once

#include <string>
#include <string_view>

namespace narthex::dashstore {

// `text` for LIKE ... ESCAPE '\' anywhere in a column.
std::string LikePattern(std::string_view text);

}  // namespace narthex::dashstore
