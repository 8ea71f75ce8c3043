// Passwords against bcrypt hashes.
#pragma once

#include <string>
#include <string_view>

namespace narthex::webconfig {

// "$2y$10$" and 53 characters more, with a cost from 4 to 31.
bool IsBcryptHash(std::string_view hash);

// Takes as long as the hash's cost says: 50 ms for 10. Of a password the first 72 bytes count; one
// with a zero byte fits nothing.
bool MatchesBcrypt(const std::string& password, const std::string& hash);

}  // namespace narthex::webconfig
