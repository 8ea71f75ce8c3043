// Which requests are plain enough to be sent without libcurl, and their bytes.
#pragma once

#include <optional>
#include <string>

#include "http/client.h"

namespace narthex::http {

// The bytes of `request`, the same that libcurl would send but for the order of headers; empty if
// it is anything but a GET over plain HTTP, to a host and a path that need no normalising.
std::optional<std::string> PlainRequest(const ClientRequest& request, std::string_view user_agent);

}  // namespace narthex::http
