#include "promql/series_description.h"

#include <fmt/format.h>

#include "base/number.h"
#include "model/sample.h"
#include "promql/parser.h"
#include "promql/position.h"
#include "promql/token.h"

namespace narthex::promql {
namespace {

class DescriptionParser {
 public:
  explicit DescriptionParser(std::string_view line)
      : line_(line), list_(Tokenize(line, LexMode::kSeriesDescription)) {}

  Result<SeriesDescription> Parse() {
    SeriesDescription out;
    NARTHEX_TRY(ParseLabels(out));
    SkipSpace();
    while (Peek().kind != TokenKind::kEof) {
      NARTHEX_TRY(ParseItem(out.values));
      if (Peek().kind == TokenKind::kEof) break;
      if (Peek().kind != TokenKind::kSpace) return Unexpected("series values", {});
      SkipSpace();
    }
    return out;
  }

 private:
  const Token& Peek() const { return list_.tokens[next_]; }
  bool At(TokenKind kind) const { return Peek().kind == kind; }
  Token Take() {
    const Token token = Peek();
    if (next_ + 1 < list_.tokens.size()) ++next_;
    return token;
  }
  bool TakeIf(TokenKind kind) {
    if (!At(kind)) return false;
    Take();
    return true;
  }
  void SkipSpace() { TakeIf(TokenKind::kSpace); }

  Error Fail(std::size_t offset, std::string_view message) const {
    return {ErrorCode::kInvalidArgument,
            fmt::format("{}: parse error: {}", LineAndColumn(line_, offset), message)};
  }

  Error Unexpected(std::string_view context, std::string_view expected) const {
    const Token& token = Peek();
    if (token.kind == TokenKind::kError) return Fail(token.offset, list_.error);
    std::string what = model::Quote(token.text);
    if (token.kind == TokenKind::kEof) what = "end of input";
    if (token.kind == TokenKind::kIdentifier) what = "identifier " + what;
    std::string message = fmt::format("unexpected {} in {}", what, context);
    if (!expected.empty()) message += fmt::format(", expected {}", expected);
    return Fail(token.offset, message);
  }

  Status ParseLabels(SeriesDescription& out) {
    model::LabelSetBuilder builder;
    if (At(TokenKind::kIdentifier) || At(TokenKind::kMetricIdentifier)) {
      builder.Set(model::kMetricName, Take().text);
    } else if (!At(TokenKind::kLeftBrace)) {
      return Unexpected("series description", {});
    }
    if (TakeIf(TokenKind::kLeftBrace)) {
      while (!At(TokenKind::kRightBrace)) {
        NARTHEX_TRY(ParseLabel(builder));
        if (TakeIf(TokenKind::kComma)) continue;
        if (!At(TokenKind::kRightBrace)) return Unexpected("label set", "\",\" or \"}\"");
      }
      Take();
    }
    out.labels = builder.Build();
    return Ok();
  }

  Status ParseLabel(model::LabelSetBuilder& builder) {
    if (!At(TokenKind::kIdentifier) && !At(TokenKind::kString)) {
      return Unexpected("label set", "identifier or \"}\"");
    }
    const Token name = Take();
    std::string text(name.text);
    if (name.kind == TokenKind::kString) {
      text = Unquote(name.text).value_or("");
      if (At(TokenKind::kComma) || At(TokenKind::kRightBrace)) {
        builder.Set(model::kMetricName, text);
        return Ok();
      }
    }
    if (!At(TokenKind::kEql)) {
      return Unexpected("label set", name.kind == TokenKind::kString ? "\",\" or \"}\"" : "\"=\"");
    }
    Take();
    if (!At(TokenKind::kString)) return Unexpected("label set", "string");
    const Token value = Take();
    builder.Set(text, Unquote(value.text).value_or(""));
    return Ok();
  }

  Status ParseItem(std::vector<DescribedValue>& values) {
    if (TakeIf(TokenKind::kBlank)) {
      std::size_t count = 1;
      if (TakeIf(TokenKind::kTimes)) {
        NARTHEX_ASSIGN_OR_RETURN(count, ParseCount());
      }
      return Append(values, {}, count);
    }
    if (At(TokenKind::kOpenHistogram)) return ParseHistograms(values);
    NARTHEX_ASSIGN_OR_RETURN(double value, ParseValue());
    double increment = 0;
    const bool has_increment = At(TokenKind::kAdd) || At(TokenKind::kSub);
    if (has_increment) {
      const bool is_negative = Take().kind == TokenKind::kSub;
      if (!At(TokenKind::kNumber)) return Unexpected("series values", {});
      increment = ParseDouble(Take().text).value_or(0);
      if (is_negative) increment = -increment;
      if (!At(TokenKind::kTimes)) return Unexpected("series values", {});
    }
    std::size_t repeat_count = 0;
    if (TakeIf(TokenKind::kTimes)) {
      NARTHEX_ASSIGN_OR_RETURN(repeat_count, ParseCount());
    }
    for (std::size_t i = 0; i <= repeat_count; ++i) {
      NARTHEX_TRY(Append(values, {DescribedValue::Kind::kFloat, value}, 1));
      // A marker stays one: adding 0 might change its bits.
      if (has_increment) value += increment;
    }
    return Ok();
  }

  Status Append(std::vector<DescribedValue>& values, DescribedValue value,
                std::size_t count) const {
    if (count > kDescribedValuesMax - values.size()) {
      return Fail(Peek().offset, "too many values in series description");
    }
    values.insert(values.end(), count, value);
    return Ok();
  }

  Result<std::size_t> ParseCount() {
    if (!At(TokenKind::kNumber)) return Unexpected("series values", {});
    const Token token = Take();
    const auto count = ParseUint64(token.text);
    if (!count || *count > kDescribedValuesMax) {
      return Fail(token.offset, fmt::format("invalid repetition in series values: {}", token.text));
    }
    return static_cast<std::size_t>(*count);
  }

  Result<double> ParseValue() {
    if (At(TokenKind::kIdentifier)) {
      if (Peek().text != "stale") return Unexpected("series values", "number or \"stale\"");
      Take();
      return model::StaleNan();
    }
    const bool is_negative = At(TokenKind::kSub);
    if (is_negative || At(TokenKind::kAdd)) Take();
    if (!At(TokenKind::kNumber)) return Unexpected("series values", {});
    const Token token = Take();
    const auto value = ParseDouble(token.text);
    if (!value) return Fail(token.offset, fmt::format("error parsing number: {}", token.text));
    return is_negative ? -*value : *value;
  }

  Status Expect(TokenKind kind) {
    if (!At(kind)) return Unexpected("series values", {});
    Take();
    return Ok();
  }

  // `{{key:value key:value}}`; blanks between the entries and behind the last only.
  Status SkipHistogram() {
    NARTHEX_TRY(Expect(TokenKind::kOpenHistogram));
    if (At(TokenKind::kHistogramKey)) {
      NARTHEX_TRY(SkipHistogramEntry());
      while (TakeIf(TokenKind::kSpace)) {
        if (At(TokenKind::kCloseHistogram)) break;
        NARTHEX_TRY(SkipHistogramEntry());
      }
    } else {
      SkipSpace();
    }
    return Expect(TokenKind::kCloseHistogram);
  }

  Status SkipHistogramEntry() {
    NARTHEX_TRY(Expect(TokenKind::kHistogramKey));
    NARTHEX_TRY(Expect(TokenKind::kColon));
    if (TakeIf(TokenKind::kHistogramHint)) return Ok();
    if (!TakeIf(TokenKind::kLeftBracket)) {
      TakeIf(TokenKind::kSub);
      return Expect(TokenKind::kNumber);
    }
    while (!At(TokenKind::kRightBracket)) {
      if (TakeIf(TokenKind::kSpace)) continue;
      TakeIf(TokenKind::kSub);
      NARTHEX_TRY(Expect(TokenKind::kNumber));
    }
    Take();
    return Ok();
  }

  Status ParseHistograms(std::vector<DescribedValue>& values) {
    NARTHEX_TRY(SkipHistogram());
    if (At(TokenKind::kAdd) || At(TokenKind::kSub)) {
      Take();
      NARTHEX_TRY(SkipHistogram());
      if (!At(TokenKind::kTimes)) return Unexpected("series values", {});
    }
    std::size_t repeat_count = 0;
    if (TakeIf(TokenKind::kTimes)) {
      NARTHEX_ASSIGN_OR_RETURN(repeat_count, ParseCount());
    }
    return Append(values, {DescribedValue::Kind::kHistogram, 0}, repeat_count + 1);
  }

  const std::string_view line_;
  const TokenList list_;
  std::size_t next_ = 0;
};

}  // namespace

Result<SeriesDescription> ParseSeriesDescription(std::string_view line) {
  return DescriptionParser(line).Parse();
}

}  // namespace narthex::promql
