// Which message a request carries, by its headers.
#pragma once

#include <string_view>

#include "base/result.h"

namespace narthex::remote {

enum class WriteMessage { kV1, kV2 };
std::string_view WriteMessageName(WriteMessage message);

// No type at all, or one without `proto=`, is 1.0: so were the first senders.
// Errors: kUnsupported  another type or message, in upstream's words
Result<WriteMessage> ParseContentType(std::string_view content_type);

// Errors: kUnsupported  neither snappy's block format nor nothing
Status CheckContentEncoding(std::string_view content_encoding);

}  // namespace narthex::remote
