// MD5, which relabelling's hashmod is defined by; not for anything that must be secure.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace narthex::model {

// Source: RFC 1321.
std::array<std::uint8_t, 16> Md5(std::string_view text);

}  // namespace narthex::model
