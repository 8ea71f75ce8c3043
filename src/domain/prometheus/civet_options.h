// What a program that was written for CivetWeb asks of its server, in ours.
#pragma once

#include <string>
#include <vector>

#include "http/server.h"

namespace prometheus::detail {

// `options` are names and values, alternating, and throw as Exposer's constructor tells.
// Source: CivetWeb, user manual, "Configuration Options".
narthex::http::ServerOptions ServerOptionsFrom(const std::vector<std::string>& options);

}  // namespace prometheus::detail
