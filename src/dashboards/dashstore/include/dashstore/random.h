// Random texts that nobody can guess.
#pragma once

#include <cstddef>
#include <string>

namespace narthex::dashstore {

// `byte_count` random bytes as hexadecimal digits.
std::string RandomHex(std::size_t byte_count);
// A short identity such as dashboards have: 14 letters and digits.
std::string RandomUid();

}  // namespace narthex::dashstore
