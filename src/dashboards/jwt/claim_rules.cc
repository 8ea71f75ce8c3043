#include "jwt/claim_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "json/reader.h"

namespace narthex::jwt {
namespace {

// Beyond any date that is meant; seconds.
constexpr double kSecondsMax = 1e14;

Error Refused(std::string_view claim, std::string_view what) {
  return {ErrorCode::kUnauthenticated, fmt::format("the claim '{}' {}", claim, what)};
}

Error WrongExpectation(std::string_view claim, std::string_view wanted) {
  return {ErrorCode::kInvalidArgument, fmt::format("'{}' is not {}", claim, wanted)};
}

// One text or a list of nothing else; empty if it is neither.
std::optional<std::vector<std::string>> ReadAudiences(const json::Value& value) {
  std::vector<std::string> audiences;
  if (value.is_string()) audiences.emplace_back(value.AsString());
  if (!value.is_string() && !value.is_array()) return std::nullopt;
  for (const json::Value& item : value.items()) {
    if (!item.is_string()) return std::nullopt;
    audiences.emplace_back(item.AsString());
  }
  return audiences;
}

// Empty if it is not there or null.
Result<std::optional<TimestampMs>> ReadTime(const json::Value& claims, std::string_view name) {
  const json::Value& value = claims[name];
  if (value.is_null()) return std::optional<TimestampMs>();
  const auto seconds = value.AsDouble();
  if (!seconds || !std::isfinite(*seconds)) return Refused(name, "is not a number");
  const double bounded = std::clamp(*seconds, -kSecondsMax, kSecondsMax);
  return std::optional(static_cast<TimestampMs>(bounded * 1000));
}

// Absent: empty.
Result<std::string> ReadText(const json::Value& claims, std::string_view name) {
  const json::Value* value = claims.Find(name);
  if (value == nullptr) return std::string();
  if (!value->is_string()) return Refused(name, "is not a text");
  return std::string(value->AsString());
}

Status CheckTimes(const json::Value& claims, TimestampMs now) {
  constexpr TimestampMs kBorne = ClaimRules::kClockDifferenceMs;
  NARTHEX_ASSIGN_OR_RETURN(const auto expiry, ReadTime(claims, "exp"));
  NARTHEX_ASSIGN_OR_RETURN(const auto beginning, ReadTime(claims, "nbf"));
  NARTHEX_ASSIGN_OR_RETURN(const auto issued, ReadTime(claims, "iat"));
  if (expiry && now - kBorne > *expiry) return Refused("exp", "is over");
  if (beginning && now + kBorne < *beginning) return Refused("nbf", "is still to come");
  if (issued && now + kBorne < *issued) return Refused("iat", "is in the future");
  return Ok();
}

}  // namespace

Result<ClaimRules> ClaimRules::Parse(std::string_view expected) {
  NARTHEX_ASSIGN_OR_RETURN(const json::Value object, json::Parse(expected));
  if (!object.is_object()) return Error(ErrorCode::kInvalidArgument, "no JSON object");
  ClaimRules rules;
  for (const auto& [name, value] : object.members()) {
    if (name == "iss" || name == "sub") {
      if (!value.is_string()) return WrongExpectation(name, "a text");
      (name == "iss" ? rules.issuer_ : rules.subject_) = value.AsString();
    } else if (name == "aud") {
      auto audiences = ReadAudiences(value);
      if (!audiences) return WrongExpectation(name, "a text or a list of texts");
      rules.audiences_ = *std::move(audiences);
    } else {
      rules.others_.Set(name, value);
    }
  }
  return rules;
}

Status ClaimRules::Check(const json::Value& claims, TimestampMs now) const {
  NARTHEX_TRY(CheckTimes(claims, now));
  NARTHEX_ASSIGN_OR_RETURN(const std::string issuer, ReadText(claims, "iss"));
  NARTHEX_ASSIGN_OR_RETURN(const std::string subject, ReadText(claims, "sub"));
  if (issuer_ && issuer != *issuer_) return Refused("iss", "is another than expected");
  if (subject_ && subject != *subject_) return Refused("sub", "is another than expected");
  if (const json::Value* value = claims.Find("aud"); value != nullptr || !audiences_.empty()) {
    const auto audiences = value == nullptr ? std::vector<std::string>() : ReadAudiences(*value);
    if (!audiences) return Refused("aud", "is neither a text nor a list of texts");
    if (!audiences_.empty() &&
        std::find_first_of(audiences->begin(), audiences->end(), audiences_.begin(),
                           audiences_.end()) == audiences->end()) {
      return Refused("aud", "is another than expected");
    }
  }
  for (const auto& [name, expected] : others_.members()) {
    const json::Value* value = claims.Find(name);
    if (value == nullptr) return Refused(name, "is missing");
    if (!json::MeansTheSame(*value, expected)) return Refused(name, "is another than expected");
  }
  return Ok();
}

std::optional<TimestampMs> ExpiryOf(const json::Value& claims) {
  return ReadTime(claims, "exp").ok() ? *ReadTime(claims, "exp") : std::nullopt;
}

}  // namespace narthex::jwt
