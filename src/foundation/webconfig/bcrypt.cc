#include "bcrypt.h"

#include <crypt.h>
#include <string.h>

#include <algorithm>
#include <memory>

#include "base/number.h"
#include "http/message.h"

namespace narthex::webconfig {
namespace {

constexpr std::size_t kHashSizeBytes = 60;
constexpr std::string_view kAlphabet =
    "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

}  // namespace

bool IsBcryptHash(std::string_view hash) {
  if (hash.size() != kHashSizeBytes || !hash.starts_with("$2") || hash[3] != '$' ||
      hash[6] != '$') {
    return false;
  }
  if (std::string_view("abxy").find(hash[2]) == std::string_view::npos) return false;
  const auto cost = ParseUint64(hash.substr(4, 2));
  if (!cost || *cost < 4 || *cost > 31) return false;
  return hash.substr(7).find_first_not_of(kAlphabet) == std::string_view::npos;
}

bool MatchesBcrypt(const std::string& password, const std::string& hash) {
  if (password.find('\0') != std::string::npos) return false;
  // 32 KiB, and it holds the password.
  const auto scratch = std::make_unique<crypt_data>();
  const char* made = ::crypt_r(password.c_str(), hash.c_str(), scratch.get());
  const bool matches = made != nullptr && http::EqualInConstantTime(made, hash);
  ::explicit_bzero(scratch.get(), sizeof(crypt_data));
  return matches;
}

}  // namespace narthex::webconfig
