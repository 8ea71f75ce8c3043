#include "exposition/negotiation.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "base/number.h"

namespace narthex::exposition {
namespace {

struct Clause {
  std::string_view media_type;
  std::string_view version;
  std::string_view escaping;
  double quality = 1;
  std::size_t position = 0;  // in the header
};

std::string_view Trim(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

// The text before `separator`, which is taken off `rest` too.
std::string_view TakeUntil(std::string_view& rest, char separator) {
  const std::size_t place = rest.find(separator);
  const std::string_view part = rest.substr(0, place);
  rest = place == std::string_view::npos ? std::string_view() : rest.substr(place + 1);
  return Trim(part);
}

// 0 where it is malformed, so that NaN never meets the sorting.
double Quality(std::string_view text) {
  const double quality = ParseDouble(text).value_or(0);
  return quality >= 0 && quality <= 1 ? quality : 0;
}

Clause ParseClause(std::string_view text) {
  Clause clause;
  clause.media_type = TakeUntil(text, ';');
  while (!text.empty()) {
    std::string_view parameter = TakeUntil(text, ';');
    const std::string_view name = TakeUntil(parameter, '=');
    const std::string_view value = Trim(parameter);
    if (name == "version") clause.version = value;
    if (name == "escaping") clause.escaping = value;
    if (name == "q") clause.quality = Quality(value);
  }
  return clause;
}

struct Offer {
  Format format;
  std::string_view media_type;
  std::string_view version;
};

// What a clause asks for, if it can be served. A missing version means the oldest.
std::optional<Offer> OfferFor(const Clause& clause) {
  constexpr Offer kText = {Format::kText, "text/plain", "0.0.4"};
  constexpr Offer kOpenMetrics0 = {Format::kOpenMetrics, "application/openmetrics-text", "0.0.1"};
  constexpr Offer kOpenMetrics1 = {Format::kOpenMetrics, "application/openmetrics-text", "1.0.0"};
  if (clause.media_type == kText.media_type) {
    const bool is_known = clause.version.empty() || clause.version == kText.version;
    return is_known ? std::optional(kText) : std::nullopt;
  }
  if (clause.media_type != kOpenMetrics1.media_type) return std::nullopt;
  if (clause.version == kOpenMetrics1.version) return kOpenMetrics1;
  if (clause.version.empty() || clause.version == kOpenMetrics0.version) return kOpenMetrics0;
  return std::nullopt;
}

}  // namespace

Negotiated Negotiate(std::string_view accept, model::NameEscaping default_escaping) {
  std::vector<Clause> clauses;
  while (!accept.empty()) {
    clauses.push_back(ParseClause(TakeUntil(accept, ',')));
    clauses.back().position = clauses.size();
  }
  std::sort(clauses.begin(), clauses.end(), [](const Clause& a, const Clause& b) {
    return a.quality != b.quality ? a.quality > b.quality : a.position < b.position;
  });

  Offer offer = {Format::kText, "text/plain", "0.0.4"};
  model::NameEscaping escaping = default_escaping;
  for (const Clause& clause : clauses) {
    const auto match = OfferFor(clause);
    if (!match || clause.quality <= 0) continue;
    offer = *match;
    escaping = model::ParseNameEscaping(clause.escaping).value_or(default_escaping);
    break;
  }
  return {offer.format, escaping,
          fmt::format("{}; version={}; charset=utf-8; escaping={}", offer.media_type, offer.version,
                      model::NameEscapingText(escaping))};
}

}  // namespace narthex::exposition
