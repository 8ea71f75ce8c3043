#include "histogram_literal.h"

#include <cmath>
#include <optional>
#include <set>

#include "base/number.h"
#include "model/histogram_math.h"

namespace narthex::promql {
namespace {

using model::CounterResetHint;
using model::FloatHistogram;

std::optional<CounterResetHint> HintOf(std::string_view word) {
  if (word == "unknown") return CounterResetHint::kUnknown;
  if (word == "reset") return CounterResetHint::kReset;
  if (word == "not_reset") return CounterResetHint::kNotReset;
  if (word == "gauge") return CounterResetHint::kGauge;
  return std::nullopt;
}

class LiteralParser {
 public:
  explicit LiteralParser(DescriptionCursor& cursor) : cursor_(cursor) {}

  // Blanks stand between the entries and behind the last only.
  Result<HistogramLiteral> Parse() {
    NARTHEX_TRY(cursor_.Expect(TokenKind::kOpenHistogram));
    if (cursor_.At(TokenKind::kHistogramKey)) {
      NARTHEX_TRY(ParseEntry());
      while (cursor_.TakeIf(TokenKind::kSpace)) {
        if (cursor_.At(TokenKind::kCloseHistogram)) break;
        NARTHEX_TRY(ParseEntry());
      }
    } else {
      cursor_.TakeIf(TokenKind::kSpace);
    }
    NARTHEX_TRY(cursor_.Expect(TokenKind::kCloseHistogram));
    FloatHistogram& histogram = literal_.histogram;
    histogram.positive_spans = SpanOf(offset_, histogram.positive_buckets.size());
    histogram.negative_spans = SpanOf(negative_offset_, histogram.negative_buckets.size());
    return std::move(literal_);
  }

 private:
  static std::vector<model::HistogramSpan> SpanOf(std::int32_t offset, std::size_t bucket_count) {
    if (bucket_count == 0) return {};
    return {{offset, static_cast<std::uint32_t>(bucket_count)}};
  }

  Status ParseEntry() {
    const Token key = cursor_.Peek();
    NARTHEX_TRY(cursor_.Expect(TokenKind::kHistogramKey));
    if (!keys_.emplace(key.text).second) {
      return cursor_.Fail(key.offset, fmt::format("duplicate key \"{}\" in histogram", key.text));
    }
    NARTHEX_TRY(cursor_.Expect(TokenKind::kColon));
    FloatHistogram& histogram = literal_.histogram;
    if (key.text == "schema") return ParseInteger(histogram.schema);
    if (key.text == "offset") return ParseInteger(offset_);
    if (key.text == "n_offset") return ParseInteger(negative_offset_);
    if (key.text == "sum") return ParseNumber(histogram.sum);
    if (key.text == "count") return ParseNumber(histogram.count);
    if (key.text == "z_bucket") return ParseNumber(histogram.zero_count);
    if (key.text == "z_bucket_w") return ParseNumber(histogram.zero_threshold);
    if (key.text == "buckets") return ParseNumbers(histogram.positive_buckets);
    if (key.text == "n_buckets") return ParseNumbers(histogram.negative_buckets);
    if (key.text == "custom_values") return ParseNumbers(histogram.custom_values);
    return ParseHint();
  }

  Status ParseHint() {
    const auto hint = HintOf(cursor_.Peek().text);
    if (!hint || !cursor_.At(TokenKind::kHistogramHint)) {
      return cursor_.Unexpected("series values", {});
    }
    cursor_.Take();
    literal_.histogram.reset_hint = *hint;
    literal_.has_reset_hint = true;
    return Ok();
  }

  Status ParseNumber(double& out) {
    const bool is_negative = cursor_.TakeIf(TokenKind::kSub);
    const Token token = cursor_.Peek();
    NARTHEX_TRY(cursor_.Expect(TokenKind::kNumber));
    const auto value = ParseDouble(token.text);
    if (!value) return cursor_.Fail(token.offset, "malformed number in histogram");
    out = is_negative ? -*value : *value;
    return Ok();
  }

  Status ParseInteger(std::int32_t& out) {
    const std::size_t offset = cursor_.Peek().offset;
    double value = 0;
    NARTHEX_TRY(ParseNumber(value));
    constexpr double kLimit = 2147483647;
    if (value != std::trunc(value) || value < -kLimit || value > kLimit) {
      return cursor_.Fail(offset, "integer expected in histogram");
    }
    out = static_cast<std::int32_t>(value);
    return Ok();
  }

  Status ParseNumbers(std::vector<double>& out) {
    NARTHEX_TRY(cursor_.Expect(TokenKind::kLeftBracket));
    while (!cursor_.TakeIf(TokenKind::kRightBracket)) {
      if (cursor_.TakeIf(TokenKind::kSpace)) continue;
      out.emplace_back();
      NARTHEX_TRY(ParseNumber(out.back()));
    }
    return Ok();
  }

  DescriptionCursor& cursor_;
  HistogramLiteral literal_;
  std::int32_t offset_ = 0;
  std::int32_t negative_offset_ = 0;
  std::set<std::string_view> keys_;
};

}  // namespace

Result<HistogramLiteral> ParseHistogramLiteral(DescriptionCursor& cursor) {
  return LiteralParser(cursor).Parse();
}

Result<FloatHistogram> HistogramChange::Apply(const FloatHistogram& histogram) const {
  const FloatHistogram& change = literal.histogram;
  if (histogram.schema > change.schema) {
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("error combining histograms: cannot merge from schema {} to {}",
                             change.schema, histogram.schema)};
  }
  NARTHEX_ASSIGN_OR_RETURN(model::HistogramResult result, is_negative
                                                              ? model::Subtract(histogram, change)
                                                              : model::Add(histogram, change));
  return std::move(result.histogram);
}

}  // namespace narthex::promql
