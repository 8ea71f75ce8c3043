// Where the keys come from that JSON web tokens are signed with.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/mutex.h"
#include "base/result.h"
#include "dashapi/jwt_options.h"
#include "http/client.h"
#include "jwt/key_set.h"

namespace narthex::dashapi {

// Keys of a file are read once, those of an address are kept for cache_ttl, or as long as their
// server says if that is shorter. Thread-safe; several threads may ask the address at once.
class JwtKeys {
 public:
  // After an answer that was none, the address is left alone for so long.
  static constexpr TimestampMs kPauseMs = 10'000;

  // `options`, `client` and `clock` must outlive it.
  // Errors: kInvalidArgument  not exactly one place of keys, an address without https, a file
  //                           without keys; those of reading files
  static Result<std::unique_ptr<JwtKeys>> Make(const JwtOptions& options, http::Client& client,
                                               Clock& clock);

  // Errors: kUnavailable  the address gives no keys now; the message says why
  Result<jwt::KeySet> Get() EXCLUDES(mutex_);

 private:
  JwtKeys(const JwtOptions& options, http::Client& client, Clock& clock)
      : options_(options), client_(client), clock_(clock) {}

  struct Fetched {
    jwt::KeySet keys;
    TimestampMs lifetime_ms = 0;
  };
  Result<Fetched> Fetch();

  const JwtOptions& options_;
  http::Client& client_;
  Clock& clock_;
  std::optional<jwt::KeySet> fixed_;  // of a file

  Mutex mutex_;
  jwt::KeySet kept_ GUARDED_BY(mutex_);
  TimestampMs kept_until_ GUARDED_BY(mutex_) = 0;
  std::string fault_ GUARDED_BY(mutex_);
  TimestampMs fault_until_ GUARDED_BY(mutex_) = 0;
};

}  // namespace narthex::dashapi
