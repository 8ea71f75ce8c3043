// The state of a parser; what both formats share.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "created_lines.h"
#include "exposition/parser.h"
#include "lexer.h"

namespace narthex::exposition {

class Parser::Impl {
 public:
  Impl(std::string_view body, Format format, ParserOptions options)
      : format_(format), options_(options), lexer_(body, format) {}

  Result<EntryKind> Next();
  std::string_view PeekLine() const;
  bool NextIfKnown(std::string_view line, std::size_t series_size);
  void SkipLine(std::string_view line, std::optional<model::MetricType> type);
  std::string_view rest() const { return lexer_.rest(); }
  void SkipSamples(std::size_t size) { lexer_.JumpToLine(lexer_.at() + size); }
  const Entry& entry() const { return entry_; }
  Result<model::LabelSet> Labels();
  Exemplar GetExemplar() const;
  std::size_t offset() const { return lexer_.at(); }
  std::size_t entry_offset() const { return entry_start_; }

 private:
  // A label as it stands in the body.
  struct RawLabel {
    std::string_view name;
    std::string_view value;
    bool name_is_quoted = false;
  };

  Result<EntryKind> NextText();
  Result<EntryKind> NextOpenMetrics();
  Result<EntryKind> NextWithCreated();
  bool CanHaveCreated() const;
  bool IsCreatedLine() const;
  CreatedLines FindCreatedLines() const;
  std::string CreatedKey() const;
  std::optional<TimestampMs> FindStart();

  Result<EntryKind> ReadMetadata(Token what);
  Status ReadMetadataText(Token what);
  Status SetType(std::string_view word);
  Status CheckUnit() const;

  Result<EntryKind> ReadSeries(Token first);
  enum class LabelsOf { kSeries, kExemplar };
  Status ReadLabels(LabelsOf of);
  Status ReadLabelValue(RawLabel label, std::vector<RawLabel>& labels);
  Status SetQuotedName(std::string_view quoted);
  Status ReadAfterSeries(Token next);
  Status ReadTextTimestamp();
  Status ReadOpenMetricsTimestamp();
  Status ReadExemplar();
  Status ReadExemplarTimestamp(Token next);
  Result<double> ReadNumber(std::string_view text) const;

  Error Unexpected(std::string_view expected, Token got) const;
  Error While(std::string_view message) const;

  // `text` itself, or its unescaped form in `scratch`.
  enum class Escapes { kHelp, kQuoted };
  std::string_view Unescape(std::string_view text, Escapes escapes, std::string& scratch) const;
  model::LabelSet BuildLabels(const std::vector<RawLabel>& labels, bool with_name) const;
  bool IsFloatLabel(std::string_view name) const;

  Format format_;
  ParserOptions options_;
  Lexer lexer_;
  Entry entry_;
  std::size_t entry_start_ = 0;
  model::MetricType type_ = model::MetricType::kUnknown;  // of the last TYPE line
  std::string typed_metric_;                              // its metric, if anyone needs it
  std::string unit_;                                      // of the last UNIT line
  std::string unit_metric_;
  std::optional<CreatedLines> created_;  // of the family being read, once a sample needs them
  std::string started_key_;              // the labels that FindStart() was last asked for
  std::optional<TimestampMs> start_;     // and what it gave

  // Of the sample read.
  std::string_view name_;
  bool name_is_quoted_ = false;
  std::vector<RawLabel> labels_;
  std::vector<RawLabel> exemplar_labels_;
  double exemplar_value_ = 0;
  std::optional<TimestampMs> exemplar_timestamp_;

  std::string metric_scratch_;
  std::string text_scratch_;
};

}  // namespace narthex::exposition
