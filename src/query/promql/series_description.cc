#include "promql/series_description.h"

#include <fmt/format.h>

#include "base/number.h"
#include "description_cursor.h"
#include "histogram_literal.h"
#include "model/sample.h"
#include "promql/parser.h"

namespace narthex::promql {
namespace {

class DescriptionParser {
 public:
  explicit DescriptionParser(std::string_view line) : cursor_(line) {}

  Result<SeriesDescription> Parse() {
    SeriesDescription out;
    NARTHEX_TRY(ParseLabels(out));
    cursor_.TakeIf(TokenKind::kSpace);
    while (cursor_.Peek().kind != TokenKind::kEof) {
      NARTHEX_TRY(ParseItem(out.values));
      if (cursor_.Peek().kind == TokenKind::kEof) break;
      if (cursor_.Peek().kind != TokenKind::kSpace) return cursor_.Unexpected("series values", {});
      cursor_.TakeIf(TokenKind::kSpace);
    }
    return out;
  }

 private:
  Status ParseLabels(SeriesDescription& out) {
    model::LabelSetBuilder builder;
    if (cursor_.At(TokenKind::kIdentifier) || cursor_.At(TokenKind::kMetricIdentifier)) {
      builder.Set(model::kMetricName, cursor_.Take().text);
    } else if (!cursor_.At(TokenKind::kLeftBrace)) {
      return cursor_.Unexpected("series description", {});
    }
    if (cursor_.TakeIf(TokenKind::kLeftBrace)) {
      while (!cursor_.At(TokenKind::kRightBrace)) {
        NARTHEX_TRY(ParseLabel(builder));
        if (cursor_.TakeIf(TokenKind::kComma)) continue;
        if (!cursor_.At(TokenKind::kRightBrace))
          return cursor_.Unexpected("label set", "\",\" or \"}\"");
      }
      cursor_.Take();
    }
    out.labels = builder.Build();
    return Ok();
  }

  Status ParseLabel(model::LabelSetBuilder& builder) {
    if (!cursor_.At(TokenKind::kIdentifier) && !cursor_.At(TokenKind::kString)) {
      return cursor_.Unexpected("label set", "identifier or \"}\"");
    }
    const Token name = cursor_.Take();
    std::string text(name.text);
    if (name.kind == TokenKind::kString) {
      text = Unquote(name.text).value_or("");
      if (cursor_.At(TokenKind::kComma) || cursor_.At(TokenKind::kRightBrace)) {
        builder.Set(model::kMetricName, text);
        return Ok();
      }
    }
    if (!cursor_.At(TokenKind::kEql)) {
      return cursor_.Unexpected("label set",
                                name.kind == TokenKind::kString ? "\",\" or \"}\"" : "\"=\"");
    }
    cursor_.Take();
    if (!cursor_.At(TokenKind::kString)) return cursor_.Unexpected("label set", "string");
    const Token value = cursor_.Take();
    builder.Set(text, Unquote(value.text).value_or(""));
    return Ok();
  }

  Status ParseItem(std::vector<DescribedValue>& values) {
    if (cursor_.TakeIf(TokenKind::kBlank)) {
      std::size_t count = 1;
      if (cursor_.TakeIf(TokenKind::kTimes)) {
        NARTHEX_ASSIGN_OR_RETURN(count, ParseCount());
      }
      return Append(values, {}, count);
    }
    if (cursor_.At(TokenKind::kOpenHistogram)) return ParseHistograms(values);
    NARTHEX_ASSIGN_OR_RETURN(double value, ParseValue());
    double increment = 0;
    const bool has_increment = cursor_.At(TokenKind::kAdd) || cursor_.At(TokenKind::kSub);
    if (has_increment) {
      const bool is_negative = cursor_.Take().kind == TokenKind::kSub;
      if (!cursor_.At(TokenKind::kNumber)) return cursor_.Unexpected("series values", {});
      increment = ParseDouble(cursor_.Take().text).value_or(0);
      if (is_negative) increment = -increment;
      if (!cursor_.At(TokenKind::kTimes)) return cursor_.Unexpected("series values", {});
    }
    std::size_t repeat_count = 0;
    if (cursor_.TakeIf(TokenKind::kTimes)) {
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
      return cursor_.Fail(cursor_.Peek().offset, "too many values in series description");
    }
    values.insert(values.end(), count, value);
    return Ok();
  }

  Result<std::size_t> ParseCount() {
    if (!cursor_.At(TokenKind::kNumber)) return cursor_.Unexpected("series values", {});
    const Token token = cursor_.Take();
    const auto count = ParseUint64(token.text);
    if (!count || *count > kDescribedValuesMax) {
      return cursor_.Fail(token.offset,
                          fmt::format("invalid repetition in series values: {}", token.text));
    }
    return static_cast<std::size_t>(*count);
  }

  Result<double> ParseValue() {
    if (cursor_.At(TokenKind::kIdentifier)) {
      if (cursor_.Peek().text != "stale")
        return cursor_.Unexpected("series values", "number or \"stale\"");
      cursor_.Take();
      return model::StaleNan();
    }
    const bool is_negative = cursor_.At(TokenKind::kSub);
    if (is_negative || cursor_.At(TokenKind::kAdd)) cursor_.Take();
    if (!cursor_.At(TokenKind::kNumber)) return cursor_.Unexpected("series values", {});
    const Token token = cursor_.Take();
    const auto value = ParseDouble(token.text);
    if (!value)
      return cursor_.Fail(token.offset, fmt::format("error parsing number: {}", token.text));
    return is_negative ? -*value : *value;
  }

  // One literal, or one and what is added to it from step to step.
  Status ParseHistograms(std::vector<DescribedValue>& values) {
    NARTHEX_ASSIGN_OR_RETURN(HistogramLiteral first, ParseHistogramLiteral(cursor_));
    HistogramChange change;
    const std::size_t offset = cursor_.Peek().offset;
    const bool has_change = cursor_.At(TokenKind::kAdd) || cursor_.At(TokenKind::kSub);
    if (has_change) {
      change.is_negative = cursor_.Take().kind == TokenKind::kSub;
      NARTHEX_ASSIGN_OR_RETURN(change.literal, ParseHistogramLiteral(cursor_));
      if (!cursor_.At(TokenKind::kTimes)) return cursor_.Unexpected("series values", {});
      first.has_reset_hint = change.literal.has_reset_hint;
    }
    std::size_t repeat_count = 0;
    if (cursor_.TakeIf(TokenKind::kTimes)) {
      NARTHEX_ASSIGN_OR_RETURN(repeat_count, ParseCount());
    }
    DescribedValue value{DescribedValue::Kind::kHistogram, 0, nullptr, first.has_reset_hint};
    value.histogram = std::make_shared<model::FloatHistogram>(std::move(first.histogram));
    if (!has_change) return Append(values, value, repeat_count + 1);
    NARTHEX_TRY(Append(values, value, 1));
    for (std::size_t i = 0; i < repeat_count; ++i) {
      auto next = change.Apply(*value.histogram);
      if (!next.ok()) return cursor_.Fail(offset, next.error().message());
      value.histogram = std::make_shared<model::FloatHistogram>(std::move(next).value());
      NARTHEX_TRY(Append(values, value, 1));
    }
    return Ok();
  }

  DescriptionCursor cursor_;
};

}  // namespace

Result<SeriesDescription> ParseSeriesDescription(std::string_view line) {
  return DescriptionParser(line).Parse();
}

}  // namespace narthex::promql
