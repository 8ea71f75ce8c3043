#include "text_pieces.h"

#include <fmt/format.h>

#include <cmath>
#include <iterator>

#include "base/number.h"
#include "model/labels.h"

namespace narthex::exposition {

void AppendEscaped(std::string& out, std::string_view text, Quotes quotes) {
  const std::string_view special = quotes == Quotes::kEscaped ? "\\\n\"" : "\\\n";
  while (true) {
    const std::size_t place = text.find_first_of(special);
    out += text.substr(0, place);
    if (place == std::string_view::npos) return;
    out += '\\';
    out += text[place] == '\n' ? 'n' : text[place];
    text.remove_prefix(place + 1);
  }
}

void AppendQuoted(std::string& out, std::string_view text) {
  out += '"';
  AppendEscaped(out, text, Quotes::kEscaped);
  out += '"';
}

void AppendMetricName(std::string& out, std::string_view name) {
  if (model::IsLegacyMetricName(name)) {
    out += name;
  } else {
    AppendQuoted(out, name);
  }
}

std::string EscapedMetricName(std::string_view name, model::NameEscaping escaping) {
  if (model::IsLegacyMetricName(name)) return std::string(name);
  return model::EscapeName(name, escaping);
}

std::string EscapedLabelName(std::string_view name, model::NameEscaping escaping) {
  if (model::IsLegacyLabelName(name)) return std::string(name);
  return model::EscapeName(name, escaping);
}

void AppendLabelName(std::string& out, std::string_view name, model::NameEscaping escaping) {
  if (model::IsLegacyLabelName(name)) {
    out += name;
    return;
  }
  const std::string escaped = model::EscapeName(name, escaping);
  if (model::IsLegacyLabelName(escaped)) {
    out += escaped;
  } else {
    AppendQuoted(out, escaped);
  }
}

void AppendLabels(std::string& out, const LabelPairs& labels, model::NameEscaping escaping) {
  bool is_first = true;
  for (const auto& [name, value] : labels) {
    if (!is_first) out += ',';
    is_first = false;
    AppendLabelName(out, name, escaping);
    out += '=';
    AppendQuoted(out, value);
  }
}

void AppendMetricLabels(std::string& out, const MetricLabels& labels,
                        model::NameEscaping escaping) {
  if (const auto text = labels.text()) {
    out += *text;
  } else {
    AppendLabels(out, labels.pairs(), escaping);
  }
}

void AppendOpenMetricsFloat(std::string& out, double value) {
  const std::size_t start = out.size();
  AppendDouble(out, value);
  if (std::isnan(value) || std::isinf(value)) return;
  if (std::string_view(out).substr(start).find_first_of("e.") == std::string_view::npos) {
    out += ".0";
  }
}

void AppendSeconds(std::string& out, Instant instant) {
  constexpr std::int64_t kPerSecond = 1'000'000'000;
  const std::int64_t count = instant.count();
  // Rounded down, so that what is left is never negative.
  std::int64_t seconds = count / kPerSecond;
  if (count % kPerSecond < 0) --seconds;
  std::int64_t rest = count - seconds * kPerSecond;
  if (seconds < 0 && rest > 0) {
    // -1.5 is -2 and 0.5: written as a sign and what is left of zero.
    seconds = -seconds - 1;
    rest = kPerSecond - rest;
    out += '-';
  }
  fmt::format_to(std::back_inserter(out), "{}", seconds);
  if (rest == 0) return;
  fmt::format_to(std::back_inserter(out), ".{:09}", rest);
  while (out.back() == '0') out.pop_back();
}

double ToSeconds(Instant instant) { return static_cast<double>(instant.count()) / 1e9; }

bool IsWholeCount(double count) {
  constexpr double kExactMax = 9007199254740992.0;  // 2^53
  return count >= 0 && count <= kExactMax && count == std::floor(count);
}

}  // namespace narthex::exposition
