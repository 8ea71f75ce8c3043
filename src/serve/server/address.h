// Where the server is reached: the external URL and the prefix of all paths.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace narthex::server {

struct ExternalUrl {
  std::string scheme;
  std::string host;  // with its port
  std::string path;  // "" or "/a/b"
};

// `text`, or, if it is empty, http on this machine's name and `port`.
// Errors: kInvalidArgument  no http or https URL, or in quotes
Result<ExternalUrl> ParseExternalUrl(std::string_view text, std::uint16_t port);

// "" for "/" and "", else "/a/b" without a slash at the end.
std::string NormalizePrefix(std::string_view path);

std::string HostName();

// The port of "host:port"; 0 if there is none.
std::uint16_t PortOf(std::string_view address);

}  // namespace narthex::server
