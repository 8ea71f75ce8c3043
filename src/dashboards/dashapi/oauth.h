// Sign-in by another service: authorization code flow with PKCE.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/mutex.h"
#include "context.h"
#include "http/message.h"

namespace narthex::dashapi {

// Thread-safe. What is under way is kept in memory for ten minutes; a restart ends it.
// Source: RFC 6749, section 4.1; RFC 7636; RFC 9700, section 4.7 (binding to the browser).
class OAuth {
 public:
  static constexpr std::string_view kPath = "/login/generic_oauth";
  static constexpr std::string_view kCookie = "oauth_state";
  static constexpr std::int64_t kLifetimeMs = 10 * 60 * 1000;
  static constexpr std::size_t kPendingCountMax = 10'000;

  OAuth(const OAuthOptions& options, Clock& clock) : options_(options), clock_(clock) {}

  struct Start {
    std::string location;  // where to send the browser
    std::string binding;   // for its cookie
  };
  // `redirect_url`: of kPath, as the other service knows it.
  Start Begin(std::string_view redirect_url) EXCLUDES(mutex_);

  struct Returned {
    std::string_view code;
    std::string_view state;
    std::string_view binding;  // the cookie
  };
  // Who the browser's user is.
  // Errors: kUnauthenticated  the browser began no such sign-in, or the other service refused
  //         kUnavailable      it does not answer as it should; those of the store
  Result<dashstore::User> Finish(Context& context, const Returned& returned,
                                 std::string_view redirect_url) EXCLUDES(mutex_);

 private:
  struct Pending {
    std::string binding;
    std::string verifier;
    TimestampMs expires = 0;
  };
  // The verifier. Errors: kUnauthenticated
  Result<std::string> Take(const Returned& returned) EXCLUDES(mutex_);

  const OAuthOptions& options_;
  Clock& clock_;
  Mutex mutex_;
  std::map<std::string, Pending, std::less<>> pending_ GUARDED_BY(mutex_);  // by state
};

}  // namespace narthex::dashapi
