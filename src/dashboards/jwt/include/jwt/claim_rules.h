// What a token's claims must be to count.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "json/value.h"

namespace narthex::jwt {

// A value type. Thread-safe once made.
class ClaimRules {
 public:
  // How far the clocks of who signs and who verifies may be apart.
  static constexpr TimestampMs kClockDifferenceMs = 60'000;

  // Times only.
  ClaimRules() = default;

  // `expected`: a JSON object of claims with their values. Of `aud` one of several is enough; all
  // others must be there and say the same.
  // Errors: kInvalidArgument
  // Source: Grafana, "Configure JWT authentication", `expect_claims`.
  static Result<ClaimRules> Parse(std::string_view expected);

  // Whether `claims` hold at `now`: not expired (`exp`), begun (`nbf`), not issued in the future
  // (`iat`), as far as the times are there. A token without `exp` does not expire.
  // Errors: kUnauthenticated  the message names the claim
  Status Check(const json::Value& claims, TimestampMs now) const;

 private:
  std::optional<std::string> issuer_;
  std::optional<std::string> subject_;
  std::vector<std::string> audiences_;  // empty: any
  json::Value others_ = json::Value::MakeObject();
};

// When a token ends, if it says so.
std::optional<TimestampMs> ExpiryOf(const json::Value& claims);

}  // namespace narthex::jwt
