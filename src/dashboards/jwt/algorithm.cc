#include "algorithm.h"

#include "base/check.h"

namespace narthex::jwt {
namespace {

constexpr AlgorithmTraits kTraits[] = {
    {"HS256", Algorithm::kHs256, KeyKind::kSecret, "SHA256", 32, false},
    {"HS384", Algorithm::kHs384, KeyKind::kSecret, "SHA384", 48, false},
    {"HS512", Algorithm::kHs512, KeyKind::kSecret, "SHA512", 64, false},
    {"RS256", Algorithm::kRs256, KeyKind::kRsa, "SHA256", 32, false},
    {"RS384", Algorithm::kRs384, KeyKind::kRsa, "SHA384", 48, false},
    {"RS512", Algorithm::kRs512, KeyKind::kRsa, "SHA512", 64, false},
    {"PS256", Algorithm::kPs256, KeyKind::kRsa, "SHA256", 32, true},
    {"PS384", Algorithm::kPs384, KeyKind::kRsa, "SHA384", 48, true},
    {"PS512", Algorithm::kPs512, KeyKind::kRsa, "SHA512", 64, true},
    {"ES256", Algorithm::kEs256, KeyKind::kP256, "SHA256", 32, false},
    {"ES384", Algorithm::kEs384, KeyKind::kP384, "SHA384", 48, false},
    {"ES512", Algorithm::kEs512, KeyKind::kP521, "SHA512", 64, false},
    {"EdDSA", Algorithm::kEdDsa, KeyKind::kEd25519, "", 64, false},
};

}  // namespace

const AlgorithmTraits& TraitsOf(Algorithm algorithm) {
  const auto index = static_cast<std::size_t>(algorithm);
  NARTHEX_CHECK(index < std::size(kTraits) && kTraits[index].algorithm == algorithm,
                "the table is in the order of the enumeration");
  return kTraits[index];
}

std::optional<Algorithm> ParseAlgorithm(std::string_view name) {
  for (const AlgorithmTraits& traits : kTraits) {
    if (traits.name == name) return traits.algorithm;
  }
  return std::nullopt;
}

}  // namespace narthex::jwt
