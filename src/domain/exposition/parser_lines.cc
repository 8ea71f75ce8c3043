#include <fmt/format.h>

#include <cmath>

#include "base/number.h"
#include "number.h"
#include "parser_impl.h"

namespace narthex::exposition {
namespace {

Error Invalid(std::string message) { return {ErrorCode::kInvalidArgument, std::move(message)}; }

bool IsQuoted(std::string_view text) { return text.starts_with('"'); }
std::string_view Inner(std::string_view quoted) { return quoted.substr(1, quoted.size() - 2); }

std::string_view TrimBlanks(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

// Go's %f of what is not finite.
std::string_view NotFiniteText(double value) {
  if (std::isnan(value)) return "NaN";
  return value < 0 ? "-Inf" : "+Inf";
}

// Seconds to milliseconds; what 64 bits cannot hold becomes the nearest they can.
TimestampMs ToMilliseconds(double seconds) {
  constexpr double kLimit = 9.2e18;
  const double milliseconds = seconds * 1000;
  if (milliseconds >= kLimit) return std::numeric_limits<TimestampMs>::max();
  if (milliseconds <= -kLimit) return std::numeric_limits<TimestampMs>::min();
  return static_cast<TimestampMs>(milliseconds);
}

}  // namespace

Result<EntryKind> Parser::Impl::ReadMetadata(Token what) {
  const Token name = lexer_.Next();
  if (name != Token::kMetricName) {
    return Unexpected(fmt::format("expected metric name after {}", TokenText(what)), name);
  }
  const std::string_view token = lexer_.token();
  entry_.metric =
      IsQuoted(token) ? Unescape(Inner(token), Escapes::kQuoted, metric_scratch_) : token;
  NARTHEX_TRY(ReadMetadataText(what));
  switch (what) {
    case Token::kType:
      NARTHEX_TRY(SetType(entry_.text));
      if (options_.reads_created || options_.with_type_and_unit) {
        typed_metric_ = entry_.metric;
        if (unit_metric_ != typed_metric_) unit_.clear();
      }
      return EntryKind::kType;
    case Token::kUnit:
      NARTHEX_TRY(CheckUnit());
      if (options_.with_type_and_unit) {
        unit_ = entry_.text;
        unit_metric_ = entry_.metric;
      }
      return EntryKind::kUnit;
    default:
      break;
  }
  if (!model::IsUtf8(entry_.text)) {
    return Invalid(
        fmt::format("help text {} is not a valid utf8 string", model::Quote(entry_.text)));
  }
  const bool is_open_metrics = format_ == Format::kOpenMetrics;
  entry_.text =
      Unescape(entry_.text, is_open_metrics ? Escapes::kQuoted : Escapes::kHelp, text_scratch_);
  return EntryKind::kHelp;
}

// The text behind the name, without the blank before it and the newline after it.
Status Parser::Impl::ReadMetadataText(Token what) {
  const Token token = lexer_.Next();
  if (token != Token::kText) {
    return Invalid(fmt::format("expected text in {}", TokenText(what)));
  }
  entry_.text = lexer_.token();
  if (format_ == Format::kOpenMetrics) {
    entry_.text.remove_suffix(1);
  } else {
    lexer_.Next();  // the linebreak, which alone can follow
  }
  if (!entry_.text.empty()) entry_.text.remove_prefix(1);
  return Ok();
}

Status Parser::Impl::SetType(std::string_view word) {
  if (format_ == Format::kText) word = TrimBlanks(word);
  // Each format has its own word for a family of which nothing is known.
  const bool is_untyped = format_ == Format::kText && word == "untyped";
  const auto type = is_untyped ? model::MetricType::kUnknown : model::ParseMetricType(word);
  if (!type || (format_ == Format::kText && word == "unknown")) {
    return Invalid(fmt::format("invalid metric type {}", model::Quote(word)));
  }
  type_ = *type;
  entry_.type = *type;
  return Ok();
}

Status Parser::Impl::CheckUnit() const {
  const std::string_view unit = entry_.text;
  const std::string_view metric = entry_.metric;
  if (unit.empty()) return Ok();
  const bool is_suffix = metric.size() > unit.size() && metric.ends_with(unit) &&
                         metric[metric.size() - unit.size() - 1] == '_';
  if (is_suffix) return Ok();
  return Invalid(
      fmt::format("unit {} not a suffix of metric {}", model::Quote(unit), model::Quote(metric)));
}

Result<EntryKind> Parser::Impl::ReadSeries(Token first) {
  const std::size_t series_start = lexer_.start();
  labels_.clear();
  name_is_quoted_ = false;
  name_ = first == Token::kMetricName ? lexer_.token() : std::string_view();
  std::size_t series_end = lexer_.at();
  Token token = first == Token::kMetricName ? lexer_.Next() : first;
  if (token == Token::kBraceOpen) {
    NARTHEX_TRY(ReadLabels(LabelsOf::kSeries));
    series_end = lexer_.at();
    token = lexer_.Next();
  }
  entry_.series = lexer_.Slice(series_start, series_end);
  if (name_.empty() && !name_is_quoted_) return While("metric name not set");
  NARTHEX_TRY(ReadAfterSeries(token));
  return EntryKind::kSeries;
}

Status Parser::Impl::SetQuotedName(std::string_view quoted) {
  if (!name_.empty() || name_is_quoted_) return While("metric name already set");
  name_ = Inner(quoted);
  name_is_quoted_ = true;
  return Ok();
}

// Behind the opening brace, up to and with the closing one.
Status Parser::Impl::ReadLabels(LabelsOf of) {
  std::vector<RawLabel>& labels = of == LabelsOf::kSeries ? labels_ : exemplar_labels_;
  Token token = lexer_.Next();
  // Other parsers of the text format let a comma stand alone.
  if (token == Token::kComma && format_ == Format::kText) token = lexer_.Next();
  while (token != Token::kBraceClose) {
    if (token != Token::kLabelName && token != Token::kQuoted) {
      return Unexpected("expected label name", token);
    }
    const bool is_quoted = token == Token::kQuoted;
    const std::string_view name = lexer_.token();
    token = lexer_.Next();
    if (is_quoted && of == LabelsOf::kSeries &&
        (token == Token::kComma || token == Token::kBraceClose)) {
      NARTHEX_TRY(SetQuotedName(name));
      if (token == Token::kComma) token = lexer_.Next();
      continue;
    }
    if (token != Token::kEqual) return Unexpected("expected equal", token);
    NARTHEX_TRY(ReadLabelValue({is_quoted ? Inner(name) : name, {}, is_quoted}, labels));
    token = lexer_.Next();
    if (token == Token::kComma) {
      token = lexer_.Next();
    } else if (token != Token::kBraceClose && format_ == Format::kOpenMetrics) {
      return Unexpected("expected comma or brace close", token);
    }
  }
  return Ok();
}

Status Parser::Impl::ReadLabelValue(RawLabel label, std::vector<RawLabel>& labels) {
  const Token token = lexer_.Next();
  if (token != Token::kLabelValue) return Unexpected("expected label value", token);
  const std::string_view quoted = lexer_.token();
  if (!model::IsUtf8(quoted)) {
    return Invalid(fmt::format("invalid UTF-8 label value: {}", model::Quote(quoted)));
  }
  label.value = Inner(quoted);
  labels.push_back(label);
  return Ok();
}

Result<double> Parser::Impl::ReadNumber(std::string_view text) const {
  auto number = ParseValue(text);
  if (!number.ok()) return While(number.error().message());
  return number;
}

Status Parser::Impl::ReadAfterSeries(Token next) {
  if (next != Token::kValue) return Unexpected("expected value after metric", next);
  const bool is_open_metrics = format_ == Format::kOpenMetrics;
  NARTHEX_ASSIGN_OR_RETURN(entry_.value,
                           ReadNumber(lexer_.token().substr(is_open_metrics ? 1 : 0)));
  return is_open_metrics ? ReadOpenMetricsTimestamp() : ReadTextTimestamp();
}

Status Parser::Impl::ReadTextTimestamp() {
  Token token = lexer_.Next();
  if (token == Token::kLinebreak) return Ok();
  if (token != Token::kTimestamp) return Unexpected("expected timestamp or new record", token);
  const std::string_view text = lexer_.token();
  entry_.timestamp = ParseInt64(text);
  if (!entry_.timestamp) {
    return While(
        fmt::format("strconv.ParseInt: parsing {}: value out of range", model::Quote(text)));
  }
  token = lexer_.Next();
  if (token != Token::kLinebreak) return Unexpected("expected next entry after timestamp", token);
  return Ok();
}

Status Parser::Impl::ReadOpenMetricsTimestamp() {
  Token token = lexer_.Next();
  if (token == Token::kTimestamp) {
    NARTHEX_ASSIGN_OR_RETURN(const double seconds, ReadNumber(lexer_.token().substr(1)));
    if (!std::isfinite(seconds)) {
      return Invalid(fmt::format("invalid timestamp {}", NotFiniteText(seconds)));
    }
    entry_.timestamp = ToMilliseconds(seconds);
    token = lexer_.Next();
    if (token == Token::kEof) return Ok();  // the next entry says that # EOF is missing
    if (token != Token::kLinebreak && token != Token::kComment) {
      return Unexpected("expected next entry after timestamp", token);
    }
  }
  switch (token) {
    case Token::kLinebreak:
      return Ok();
    case Token::kComment:
      return ReadExemplar();
    case Token::kEof:
      return Invalid("data does not end with # EOF");
    default:
      return Unexpected("expected timestamp or # symbol", token);
  }
}

Status Parser::Impl::ReadExemplar() {
  exemplar_labels_.clear();
  exemplar_timestamp_.reset();
  NARTHEX_TRY(ReadLabels(LabelsOf::kExemplar));
  const Token token = lexer_.Next();
  if (token != Token::kValue) return Unexpected("expected value after exemplar labels", token);
  NARTHEX_ASSIGN_OR_RETURN(exemplar_value_, ReadNumber(lexer_.token().substr(1)));
  NARTHEX_TRY(ReadExemplarTimestamp(lexer_.Next()));
  entry_.has_exemplar = true;
  return Ok();
}

Status Parser::Impl::ReadExemplarTimestamp(Token next) {
  switch (next) {
    case Token::kLinebreak:
      return Ok();
    case Token::kEof:
      return Invalid("data does not end with # EOF");
    case Token::kTimestamp:
      break;
    default:
      return Unexpected("expected timestamp or # symbol", next);
  }
  NARTHEX_ASSIGN_OR_RETURN(const double seconds, ReadNumber(lexer_.token().substr(1)));
  if (!std::isfinite(seconds)) {
    return Invalid(fmt::format("invalid exemplar timestamp {}", NotFiniteText(seconds)));
  }
  exemplar_timestamp_ = ToMilliseconds(seconds);
  const Token token = lexer_.Next();
  if (token != Token::kLinebreak) {
    return Unexpected("expected next entry after exemplar timestamp", token);
  }
  return Ok();
}

}  // namespace narthex::exposition
