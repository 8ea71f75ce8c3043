// Comparing texts as people type them.
#pragma once

#include <string_view>

namespace narthex::dashapi {

// Whether `part` stands in `text`, ASCII letters in any case; the empty part stands in all.
bool ContainsFold(std::string_view text, std::string_view part);
// Whether both are the same, ASCII letters in any case.
bool EqualFold(std::string_view a, std::string_view b);

}  // namespace narthex::dashapi
