// The histogram message, the same in both versions of the protocol.
#pragma once

#include <string_view>

#include "write_request.h"

namespace narthex::remote {

// Counts of integer histograms come as differences; they are added up. A schema finer than the
// store's finest is brought down to it. What is wrong inside goes to `validity`.
// Throws protozero::exception on malformed bytes.
SentHistogram DecodeHistogram(std::string_view bytes);

}  // namespace narthex::remote
