#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "base/number.h"
#include "exposition/checker.h"
#include "model/metadata.h"
#include "number.h"

namespace narthex::exposition {
namespace {

using model::MetricType;

constexpr std::string_view kNameLabel = "name";

struct Family {
  std::optional<MetricType> type;
  bool has_help = false;
  bool has_samples = false;
};

std::optional<MetricType> ParseTypeWord(std::string_view word) {
  std::string lower(word);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
  if (lower == "gauge_histogram") return MetricType::kGaugeHistogram;
  if (lower == "untyped") return MetricType::kUnknown;
  // What only OpenMetrics knows is no type here.
  if (lower == "info" || lower == "stateset" || lower == "unknown") return std::nullopt;
  return model::ParseMetricType(lower);
}

bool IsHistogram(std::optional<MetricType> type) {
  return type == MetricType::kHistogram || type == MetricType::kGaugeHistogram;
}

// A cursor over the body that reads as the library of Prometheus does, byte by byte.
class TextChecker {
 public:
  TextChecker(std::string_view body, model::NameValidation validation)
      : body_(body), validation_(validation) {}

  Status Check() {
    while (true) {
      SkipBlanks();
      if (AtEnd()) return Ok();
      if (Take('\n')) {
        ++line_;
      } else if (Take('#')) {
        NARTHEX_TRY(ReadComment());
      } else {
        NARTHEX_TRY(ReadSample());
      }
    }
  }

 private:
  struct Sample {
    std::string name;
    std::set<std::string> label_names;
    std::string quantile;
    std::string bound;
    bool has_quantile = false;
    bool has_bound = false;
  };

  bool AtEnd() const { return at_ >= body_.size(); }
  char Peek() const { return AtEnd() ? '\0' : body_[at_]; }
  bool Take(char c) {
    if (AtEnd() || body_[at_] != c) return false;
    ++at_;
    return true;
  }
  void SkipBlanks() {
    while (Peek() == ' ' || Peek() == '\t') ++at_;
  }
  // Up to a blank or newline.
  std::string_view TakeWord() {
    const std::size_t start = at_;
    while (!AtEnd() && Peek() != ' ' && Peek() != '\t' && Peek() != '\n') ++at_;
    return body_.substr(start, at_ - start);
  }
  std::string_view TakeLine() {
    const std::size_t start = at_;
    while (!AtEnd() && Peek() != '\n') ++at_;
    return body_.substr(start, at_ - start);
  }
  std::string_view TakeLegacyName(bool with_colon) {
    const std::size_t start = at_;
    while (!AtEnd()) {
      const char c = Peek();
      const bool is_letter =
          (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c == ':' && with_colon);
      const bool is_digit = c >= '0' && c <= '9';
      if (!is_letter && !(is_digit && at_ > start)) break;
      ++at_;
    }
    return body_.substr(start, at_ - start);
  }

  Error Fault(std::string message) const {
    return {ErrorCode::kInvalidArgument,
            fmt::format("text format parsing error in line {}: {}", line_, message)};
  }
  // "'x'", or a word for the end.
  std::string Found() const { return AtEnd() ? "end of input" : fmt::format("'{}'", Peek()); }

  // Behind the opening quote, with the closing one. `what` is what it stands for.
  Result<std::string> ReadQuoted(std::string_view what) {
    std::string text;
    while (true) {
      if (AtEnd()) return Fault("unexpected end of input stream");
      const char c = body_[at_++];
      if (c == '"') return text;
      if (c == '\n') {
        return Fault(fmt::format("{} {} contains unescaped new-line", what, model::Quote(text)));
      }
      if (c != '\\') {
        text += c;
        continue;
      }
      const char escaped = AtEnd() ? '\0' : body_[at_++];
      if (escaped != '\\' && escaped != 'n' && escaped != '"') {
        return Fault(fmt::format("invalid escape sequence '\\{}'", escaped));
      }
      text += escaped == 'n' ? '\n' : escaped;
    }
  }

  Result<std::string> ReadMetricName() {
    if (Take('"')) return ReadQuoted("metric name");
    return std::string(TakeLegacyName(true));
  }

  Status ReadComment() {
    SkipBlanks();
    const std::string_view word = TakeWord();
    if (word != "HELP" && word != "TYPE") {
      TakeLine();
      return Ok();
    }
    SkipBlanks();
    if (AtEnd() || Peek() == '\n') return Ok();
    NARTHEX_ASSIGN_OR_RETURN(const std::string name, ReadMetricName());
    if (Peek() == '\n' && !name.empty()) return Ok();
    if ((Peek() != ' ' && Peek() != '\t') || !IsValidName(name)) {
      return Fault("invalid metric name in comment");
    }
    SkipBlanks();
    Family& family = families_[FamilyOf(name)];
    const std::string_view text = TakeLine();
    return word == "HELP" ? TakeHelp(family, name) : TakeType(family, name, text);
  }

  Status TakeHelp(Family& family, const std::string& name) {
    if (family.has_help) {
      return Fault(fmt::format("second HELP line for metric name {}", model::Quote(name)));
    }
    family.has_help = true;
    return Ok();
  }

  Status TakeType(Family& family, const std::string& name, std::string_view word) {
    if (family.type || family.has_samples) {
      return Fault(
          fmt::format("second TYPE line for metric name {}, or TYPE reported after samples",
                      model::Quote(name)));
    }
    family.type = ParseTypeWord(word);
    if (!family.type) return Fault(fmt::format("unknown metric type {}", model::Quote(word)));
    return Ok();
  }

  bool IsValidName(std::string_view name) const {
    return model::IsValidMetricName(name, validation_);
  }

  // The name of the family that a sample with this name belongs to.
  std::string FamilyOf(std::string_view name) const {
    for (const std::string_view suffix : {"_sum", "_count", "_bucket"}) {
      if (!name.ends_with(suffix)) continue;
      const auto found = families_.find(std::string(name.substr(0, name.size() - suffix.size())));
      if (found == families_.end()) continue;
      const auto type = found->second.type;
      const bool fits = IsHistogram(type) || (type == MetricType::kSummary && suffix != "_bucket");
      if (fits) return found->first;
    }
    return std::string(name);
  }

  Status ReadSample() {
    Sample sample;
    if (Peek() != '{') {
      NARTHEX_ASSIGN_OR_RETURN(sample.name, ReadMetricName());
      if (!IsValidName(sample.name)) return Fault("invalid metric name");
    }
    SkipBlanks();
    if (Take('{')) NARTHEX_TRY(ReadLabels(sample));
    if (sample.name.empty()) return Fault("invalid metric name");
    Family& family = families_[FamilyOf(sample.name)];
    NARTHEX_TRY(CheckNumberLabels(sample, family));
    SkipBlanks();
    return ReadValue(sample, family);
  }

  Status ReadLabels(Sample& sample) {
    while (true) {
      SkipBlanks();
      if (Take('}')) return Ok();
      const bool is_quoted = Peek() == '"';
      std::string name;
      if (is_quoted) {
        ++at_;
        NARTHEX_ASSIGN_OR_RETURN(name, ReadQuoted(kNameLabel));
      } else {
        name = TakeLegacyName(false);
      }
      SkipBlanks();
      if (is_quoted && (Peek() == ',' || Peek() == '}')) {
        NARTHEX_TRY(TakeName(sample, std::move(name)));
        Take(',');
        continue;
      }
      NARTHEX_TRY(ReadLabel(sample, std::move(name)));
      SkipBlanks();
      if (Take(',') || Peek() == '}') continue;
      return Fault(fmt::format("unexpected end of label value {}", model::Quote(label_value_)));
    }
  }

  Status TakeName(Sample& sample, std::string name) {
    if (!IsValidName(name)) {
      return Fault(fmt::format("invalid metric name {}", model::Quote(name)));
    }
    if (!sample.name.empty()) {
      return Fault(fmt::format("multiple metric names for metric {}", model::Quote(sample.name)));
    }
    sample.name = std::move(name);
    return Ok();
  }

  Status ReadLabel(Sample& sample, std::string name) {
    if (!model::IsValidLabelName(name, validation_)) {
      return Fault(fmt::format("invalid label name for metric {}", model::Quote(sample.name)));
    }
    if (name == model::kMetricName) {
      return Fault(fmt::format("label name {} is reserved", model::Quote(name)));
    }
    if (!Take('=')) {
      return Fault(fmt::format("expected '=' after label name, found {}", Found()));
    }
    SkipBlanks();
    if (!Take('"')) {
      return Fault(fmt::format("expected '\"' at start of label value, found {}", Found()));
    }
    NARTHEX_ASSIGN_OR_RETURN(label_value_, ReadQuoted("label value"));
    if (!model::IsUtf8(label_value_)) {
      return Fault(fmt::format("invalid label value {}", model::Quote(label_value_)));
    }
    if (name == model::kQuantileLabel) {
      sample.has_quantile = true;
      sample.quantile = label_value_;
    }
    if (name == model::kBucketLabel) {
      sample.has_bound = true;
      sample.bound = label_value_;
    }
    if (sample.label_names.insert(std::move(name)).second) return Ok();
    return Fault(fmt::format("duplicate label names for metric {}", model::Quote(sample.name)));
  }

  Status CheckNumberLabels(const Sample& sample, const Family& family) const {
    if (sample.has_quantile && family.type == MetricType::kSummary &&
        !ParseValue(sample.quantile).ok()) {
      return Fault(fmt::format("expected float as value for 'quantile' label, got {}",
                               model::Quote(sample.quantile)));
    }
    if (sample.has_bound && IsHistogram(family.type) && !ParseValue(sample.bound).ok()) {
      return Fault(fmt::format("expected float as value for 'le' label, got {}",
                               model::Quote(sample.bound)));
    }
    return Ok();
  }

  Status ReadValue(const Sample& sample, Family& family) {
    const std::string_view word = TakeWord();
    const auto value = ParseValue(word);
    if (!value.ok()) {
      return Fault(fmt::format("expected float as value, got {}", model::Quote(word)));
    }
    family.has_samples = true;
    if (IsHistogram(family.type) && *value < 0) {
      const std::string base = model::Quote(FamilyOf(sample.name));
      if (sample.name.ends_with("_count")) {
        return Fault(fmt::format("negative count for histogram {}", base));
      }
      if (sample.name.ends_with("_bucket")) {
        return Fault(fmt::format("negative bucket population for histogram {}", base));
      }
    }
    SkipBlanks();
    if (Peek() == '\n') return Ok();
    if (AtEnd()) return Fault("unexpected end of input stream");
    const std::string_view time = TakeWord();
    if (!ParseInt64(time)) {
      return Fault(fmt::format("expected integer as timestamp, got {}", model::Quote(time)));
    }
    SkipBlanks();
    if (Peek() == '\n') return Ok();
    if (AtEnd()) return Fault("unexpected end of input stream");
    return Fault(fmt::format("spurious string after timestamp: {}", model::Quote(TakeLine())));
  }

  const std::string_view body_;
  const model::NameValidation validation_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  std::map<std::string, Family> families_;
  std::string label_value_;  // the one read last
};

}  // namespace

Status CheckText(std::string_view body, model::NameValidation validation) {
  return TextChecker(body, validation).Check();
}

}  // namespace narthex::exposition
