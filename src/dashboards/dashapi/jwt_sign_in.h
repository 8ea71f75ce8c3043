// Sign-in by a JSON web token that comes with each request.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "dashapi/jwt_options.h"
#include "dashstore/store.h"
#include "http/client.h"
#include "http/message.h"
#include "jmespath/expression.h"
#include "jwt/claim_rules.h"
#include "jwt_keys.h"
#include "org_mapping.h"

namespace narthex::dashapi {

struct VouchedPerson;

// Thread-safe. No session comes of it: a token counts as long as it comes along and holds.
// Source: Grafana, "Configure JWT authentication".
class JwtSignIn {
 public:
  static constexpr std::string_view kUrlParameter = "auth_token";

  // All must outlive it.
  // Errors: kInvalidArgument  a setting cannot be followed; the message names it
  //         those of reading files
  static Result<std::unique_ptr<JwtSignIn>> Make(const JwtOptions& options, http::Client& client,
                                                 dashstore::Store& store, Clock& clock);

  struct SignedIn {
    dashstore::User user;
    TimestampMs valid_until = 0;  // 0: the token does not end
  };
  // Empty if the request has no token of somebody: another way to sign in may have come with it.
  //
  // Errors: kUnauthenticated   the token is not to be believed, says too little, or nobody may
  //                            sign up; the message is the one to answer with
  //         kPermissionDenied  it tells no valid role, and must
  //         those of SyncAccount
  Result<std::optional<SignedIn>> Identify(const http::Request& request);

 private:
  using Path = std::optional<jmespath::Expression>;  // empty: not set

  JwtSignIn(const JwtOptions& options, dashstore::Store& store, Clock& clock)
      : options_(options), store_(store), clock_(clock) {}

  Status ReadSettings();
  Status Believe(const jwt::Token& token);
  Result<VouchedPerson> PersonOf(const json::Value& claims);
  Status TellRoles(const json::Value& claims, VouchedPerson& person);

  const JwtOptions& options_;
  dashstore::Store& store_;
  Clock& clock_;
  std::unique_ptr<JwtKeys> keys_;
  jwt::ClaimRules rules_;
  Path username_path_;
  Path email_path_;
  Path role_path_;
  Path org_path_;
  std::vector<OrgMapping> org_mapping_;
};

// `target` (path and query) without a token in it, which is nobody else's to see.
std::string WithoutUrlToken(const JwtOptions& options, std::string_view target);

}  // namespace narthex::dashapi
