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
  std::string_view proto;
  std::string_view encoding;
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
    if (name == "proto") clause.proto = value;
    if (name == "encoding") clause.encoding = value;
    if (name == "q") clause.quality = Quality(value);
  }
  return clause;
}

// What is written for a clause, and the content type without its escaping.
struct Offer {
  WriteOptions write;
  std::string_view content_type;
};

constexpr std::string_view kText = "text/plain";
constexpr std::string_view kOpenMetrics = "application/openmetrics-text";
constexpr std::string_view kProtobuf = "application/vnd.google.protobuf";

Offer TextOffer(std::string_view content_type) { return {{}, content_type}; }

Offer OpenMetricsOffer(OpenMetricsVersion version, std::string_view content_type) {
  WriteOptions write;
  write.format = Format::kOpenMetrics;
  write.open_metrics_version = version;
  return {write, content_type};
}

std::optional<Offer> ProtobufOffer(const Clause& clause) {
  constexpr struct {
    std::string_view encoding;
    ProtobufForm form;
    std::string_view content_type;
  } kForms[] = {
      {"delimited", ProtobufForm::kDelimited,
       "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; "
       "encoding=delimited"},
      {"text", ProtobufForm::kText,
       "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=text"},
      {"compact-text", ProtobufForm::kCompactText,
       "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; "
       "encoding=compact-text"},
  };
  if (clause.proto != "io.prometheus.client.MetricFamily") return std::nullopt;
  for (const auto& form : kForms) {
    if (clause.encoding != form.encoding) continue;
    WriteOptions write;
    write.format = Format::kProtobuf;
    write.protobuf_form = form.form;
    return Offer{write, form.content_type};
  }
  return std::nullopt;
}

// What a clause asks for, if it can be served. A missing version means the oldest.
std::optional<Offer> OfferFor(const Clause& clause, const NegotiationOptions& options) {
  if (clause.media_type == kProtobuf) return ProtobufOffer(clause);
  if (clause.media_type == kText) {
    if (clause.version == "1.0.0") return TextOffer("text/plain; version=1.0.0; charset=utf-8");
    if (!clause.version.empty() && clause.version != "0.0.4") return std::nullopt;
    return TextOffer("text/plain; version=0.0.4; charset=utf-8");
  }
  if (clause.media_type != kOpenMetrics) return std::nullopt;
  if (clause.version == "2.0.0" && options.offers_open_metrics_2) {
    return OpenMetricsOffer(OpenMetricsVersion::k2,
                            "application/openmetrics-text; version=2.0.0; charset=utf-8");
  }
  if (clause.version == "1.0.0") {
    return OpenMetricsOffer(OpenMetricsVersion::k1,
                            "application/openmetrics-text; version=1.0.0; charset=utf-8");
  }
  if (!clause.version.empty() && clause.version != "0.0.1") return std::nullopt;
  return OpenMetricsOffer(OpenMetricsVersion::k1,
                          "application/openmetrics-text; version=0.0.1; charset=utf-8");
}

}  // namespace

Negotiated Negotiate(std::string_view accept, NegotiationOptions options) {
  std::vector<Clause> clauses;
  while (!accept.empty()) {
    clauses.push_back(ParseClause(TakeUntil(accept, ',')));
    clauses.back().position = clauses.size();
  }
  std::sort(clauses.begin(), clauses.end(), [](const Clause& a, const Clause& b) {
    return a.quality != b.quality ? a.quality > b.quality : a.position < b.position;
  });

  Offer offer = TextOffer("text/plain; version=0.0.4; charset=utf-8");
  offer.write.escaping = options.default_escaping;
  for (const Clause& clause : clauses) {
    const auto match = OfferFor(clause, options);
    if (!match || clause.quality <= 0) continue;
    offer = *match;
    offer.write.escaping =
        model::ParseNameEscaping(clause.escaping).value_or(options.default_escaping);
    break;
  }
  return {offer.write, fmt::format("{}; escaping={}", offer.content_type,
                                   model::NameEscapingText(offer.write.escaping))};
}

}  // namespace narthex::exposition
