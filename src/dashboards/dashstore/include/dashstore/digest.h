// Digests that other programs compute, too.
#pragma once

#include <string>
#include <string_view>

namespace narthex::dashstore {

// SHA-256 in base64 for URLs, without padding. Source: RFC 7636, "S256".
std::string Sha256Base64Url(std::string_view text);

}  // namespace narthex::dashstore
