// Comparing texts as people type them.
#pragma once

#include <string_view>

namespace narthex::dashapi {

// Whether `part` stands in `text`, ASCII letters in any case; the empty part stands in all.
bool ContainsFold(std::string_view text, std::string_view part);

}  // namespace narthex::dashapi
