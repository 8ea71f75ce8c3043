// Reads delimited io.prometheus.client.MetricFamily messages sample by sample.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exposition/parser.h"
#include "model/histogram.h"
#include "protobuf_metric.h"

namespace narthex::exposition {

// What Parser does for Format::kProtobuf: same promises. A family is read with its help, unit and
// type first, then its metrics; a metric gives one entry for each series it stands for.
//
// Memory: views of one family's metrics, and the samples of one metric.
class ProtobufReader {
 public:
  ProtobufReader(std::string_view body, ParserOptions options) : options_(options), body_(body) {}

  Result<EntryKind> Next();
  const Entry& entry() const { return entry_; }
  Result<model::LabelSet> Labels() const;
  std::vector<Exemplar> GetExemplars() const { return exemplars_; }
  std::size_t offset() const { return offset_; }

 private:
  // A series that the metric being read stands for: `name` + suffix, with one label more.
  struct Row {
    std::string_view suffix;
    std::string_view extra_name;  // le, quantile or empty
    double extra = 0;
    double value = 0;
    const SentExemplar* exemplar = nullptr;
    bool is_native = false;
  };
  enum class Step { kHelp, kUnit, kType, kMetrics, kDone };

  Status ReadFamily();
  Result<bool> ReadMetric();
  void AddRows();
  void AddHistogramRows(const SentHistogram& histogram);
  Status TakeRow();
  void TakeNative(const SentHistogram& sent);
  void SetSeries(const Row& row);
  std::vector<Exemplar> ToExemplars(const Row& row) const;

  const ParserOptions options_;
  const std::string_view body_;
  std::size_t offset_ = 0;
  Entry entry_;

  SentFamily family_;
  Step step_ = Step::kDone;
  std::size_t next_metric_ = 0;

  SentMetric metric_;
  std::vector<Row> rows_;
  std::size_t next_row_ = 0;
  std::string series_;
  std::string extra_text_;  // the number of the extra label
  std::vector<Exemplar> exemplars_;
};

}  // namespace narthex::exposition
