#include "exposition/parser.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"
#include "histogram_converter.h"
#include "number.h"
#include "parser_impl.h"
#include "protobuf_reader.h"

namespace narthex::exposition {

Parser::Parser(std::string_view body, Format format, ParserOptions options) {
  if (options.converts_classic) {
    ParserOptions inner = options;
    inner.converts_classic = false;
    inner.keeps_classic = true;
    converter_ =
        std::make_unique<HistogramConverter>(Parser(body, format, inner), options.keeps_classic);
  } else if (format == Format::kProtobuf) {
    messages_ = std::make_unique<ProtobufReader>(body, options);
  } else {
    impl_ = std::make_unique<Impl>(body, format, options);
  }
}
Parser::~Parser() = default;
Parser::Parser(Parser&&) noexcept = default;
Parser& Parser::operator=(Parser&&) noexcept = default;

Result<EntryKind> Parser::Next() {
  if (impl_) return impl_->Next();
  return messages_ ? messages_->Next() : converter_->Next();
}
std::string_view Parser::PeekLine() const { return impl_ ? impl_->PeekLine() : std::string_view(); }
bool Parser::NextIfKnown(std::string_view line, std::size_t series_size) {
  return impl_ && impl_->NextIfKnown(line, series_size);
}
void Parser::SkipLine(std::string_view line, std::optional<model::MetricType> type) {
  NARTHEX_CHECK(impl_ != nullptr, "only a line that PeekLine() gave can be skipped");
  impl_->SkipLine(line, type);
}
std::string_view Parser::rest() const { return impl_ ? impl_->rest() : std::string_view(); }
void Parser::SkipSamples(std::size_t size) {
  NARTHEX_CHECK(impl_ != nullptr, "only what rest() gave can be passed over");
  impl_->SkipSamples(size);
}
const Entry& Parser::entry() const {
  if (impl_) return impl_->entry();
  return messages_ ? messages_->entry() : converter_->entry();
}
Result<model::LabelSet> Parser::Labels() {
  if (impl_) return impl_->Labels();
  return messages_ ? messages_->Labels() : converter_->Labels();
}
Exemplar Parser::GetExemplar() const {
  return impl_ ? impl_->GetExemplar() : GetExemplars().front();
}
std::vector<Exemplar> Parser::GetExemplars() const {
  if (messages_) return messages_->GetExemplars();
  if (converter_) return converter_->GetExemplars();
  if (!impl_->entry().has_exemplar) return {};
  return {impl_->GetExemplar()};
}
std::size_t Parser::offset() const {
  if (impl_) return impl_->offset();
  return messages_ ? messages_->offset() : converter_->offset();
}
std::size_t Parser::entry_offset() const { return impl_ ? impl_->entry_offset() : offset(); }

Error Parser::Impl::Unexpected(std::string_view expected, Token got) const {
  const std::size_t end = lexer_.shown_end();
  return {ErrorCode::kInvalidArgument,
          fmt::format("{}, got {} (\"{}\") while parsing: {}", expected,
                      model::Quote(lexer_.Show(lexer_.start(), end)), TokenText(got),
                      model::Quote(lexer_.Show(entry_start_, end)))};
}

Error Parser::Impl::While(std::string_view message) const {
  return {ErrorCode::kInvalidArgument,
          fmt::format("{} while parsing: {}", message,
                      model::Quote(lexer_.Show(entry_start_, lexer_.at())))};
}

Result<EntryKind> Parser::Impl::Next() {
  entry_.timestamp.reset();
  entry_.start_timestamp.reset();
  entry_.has_exemplar = false;
  if (format_ == Format::kText) {
    const auto kind = NextText();
    if (kind.ok()) entry_.kind = *kind;
    return kind;
  }
  auto kind = options_.reads_created ? NextWithCreated() : NextOpenMetrics();
  if (kind.ok()) entry_.kind = *kind;
  return kind;
}

Result<EntryKind> Parser::Impl::NextText() {
  while (true) {
    entry_start_ = lexer_.at();
    const Token token = lexer_.Next();
    switch (token) {
      case Token::kMetricName:
      case Token::kBraceOpen:
        return ReadSeries(token);
      case Token::kLinebreak:
        continue;
      case Token::kEof:
        return EntryKind::kEnd;
      case Token::kHelp:
      case Token::kType:
        return ReadMetadata(token);
      case Token::kComment:
        entry_.text = lexer_.token();
        lexer_.Next();
        return EntryKind::kComment;
      default:
        return Unexpected("expected a valid start token", token);
    }
  }
}

Result<EntryKind> Parser::Impl::NextOpenMetrics() {
  entry_start_ = lexer_.at();
  const Token token = lexer_.Next();
  switch (token) {
    case Token::kMetricName:
    case Token::kBraceOpen:
      return ReadSeries(token);
    case Token::kHelp:
    case Token::kType:
    case Token::kUnit:
      return ReadMetadata(token);
    case Token::kEofWord:
      if (lexer_.AtEnd()) return EntryKind::kEnd;
      return Error{ErrorCode::kInvalidArgument, "unexpected data after # EOF"};
    case Token::kEof:
      return Error{ErrorCode::kInvalidArgument, "data does not end with # EOF"};
    default:
      return Unexpected("expected a valid start token", token);
  }
}

std::string_view Parser::Impl::PeekLine() const {
  const std::string_view rest = lexer_.rest();
  const std::size_t newline = rest.find('\n');
  return newline == std::string_view::npos ? std::string_view() : rest.substr(0, newline);
}

bool Parser::Impl::NextIfKnown(std::string_view line, std::size_t series_size) {
  if (line.size() <= series_size + 1 || line[series_size] != ' ') return false;
  const Result<double> value = ParseValue(line.substr(series_size + 1));
  if (!value.ok()) return false;
  entry_.timestamp.reset();
  entry_.has_exemplar = false;
  entry_.kind = EntryKind::kSeries;
  entry_.series = line.substr(0, series_size);
  entry_.value = *value;
  lexer_.JumpToLine(lexer_.at() + line.size() + 1);
  return true;
}

void Parser::Impl::SkipLine(std::string_view line, std::optional<model::MetricType> type) {
  if (type) type_ = *type;
  lexer_.JumpToLine(lexer_.at() + line.size() + 1);
}

std::string_view Parser::Impl::Unescape(std::string_view text, Escapes escapes,
                                        std::string& scratch) const {
  if (text.find('\\') == std::string_view::npos) return text;
  scratch.clear();
  AppendUnescaped(scratch, text, escapes == Escapes::kQuoted ? Quotes::kEscaped : Quotes::kPlain);
  return scratch;
}

bool Parser::Impl::IsFloatLabel(std::string_view name) const {
  using model::MetricType;
  if (name == model::kBucketLabel) {
    return type_ == MetricType::kHistogram || type_ == MetricType::kGaugeHistogram;
  }
  return name == model::kQuantileLabel && type_ == MetricType::kSummary;
}

model::LabelSet Parser::Impl::BuildLabels(const std::vector<RawLabel>& raw, bool with_name) const {
  // Texts that differ from the body; kept where they are while the views of `labels` are in use.
  std::vector<std::unique_ptr<std::string>> owned;
  const auto unescape = [&](std::string_view text) -> std::string_view {
    if (text.find('\\') == std::string_view::npos) return text;
    owned.push_back(std::make_unique<std::string>());
    return Unescape(text, Escapes::kQuoted, *owned.back());
  };
  std::vector<model::Label> labels;
  labels.reserve(raw.size() + 3);
  const bool has_meta = with_name && options_.with_type_and_unit;
  if (with_name) labels.push_back({model::kMetricName, unescape(name_)});
  if (has_meta && type_ != model::MetricType::kUnknown) {
    labels.push_back({model::kTypeLabel, model::MetricTypeText(type_)});
  }
  if (has_meta && !unit_.empty()) labels.push_back({model::kUnitLabel, unit_});
  for (const RawLabel& label : raw) {
    if (has_meta && (label.name == model::kTypeLabel || label.name == model::kUnitLabel)) continue;
    std::string_view value = unescape(label.value);
    if (with_name && IsFloatLabel(label.name)) {
      if (const auto number = ParseValue(value); number.ok()) {
        owned.push_back(std::make_unique<std::string>(FormatOpenMetricsFloat(*number)));
        value = *owned.back();
      }
    }
    labels.push_back({label.name_is_quoted ? unescape(label.name) : label.name, value});
  }
  return model::LabelSet::From(labels);
}

Result<model::LabelSet> Parser::Impl::Labels() {
  for (std::size_t i = 0; i < labels_.size(); ++i) {
    const auto repeats = [&](const RawLabel& other) { return other.name == labels_[i].name; };
    if (std::any_of(labels_.begin(), labels_.begin() + static_cast<std::ptrdiff_t>(i), repeats)) {
      return Error{ErrorCode::kInvalidArgument,
                   fmt::format("label name \"{}\" is not unique: invalid sample", labels_[i].name)};
    }
  }
  return BuildLabels(labels_, true);
}

Exemplar Parser::Impl::GetExemplar() const {
  return {BuildLabels(exemplar_labels_, false), exemplar_value_, exemplar_timestamp_};
}

}  // namespace narthex::exposition
