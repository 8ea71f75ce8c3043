// Runs scripts of the PromQL test language: load, clear, eval.
//
// The language is described in the corpus, promql/README.md.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "engine/engine.h"
#include "promql/series_description.h"
#include "storage/memory_store.h"

namespace narthex::script {

// The options that the corpus' scripts run with.
engine::EngineOptions ScriptOptions();

// What came of one eval.
struct ScriptResult {
  std::size_t line = 0;  // of the command, from 1
  std::string query;
  std::string failure;  // empty: as expected
};

class ScriptRunner {
 public:
  explicit ScriptRunner(engine::Engine& engine) : engine_(engine) {}

  // The results of all evals, in order.
  // Errors: kInvalidArgument  the script itself is malformed; the message names the line
  Result<std::vector<ScriptResult>> Run(std::string_view script);

  // What the last script has loaded.
  storage::MemoryStore& store() { return store_; }

 private:
  struct Line {
    std::size_t number = 0;
    std::string_view text;  // without surrounding blanks
  };
  // An annotation or error that must (or must not) come.
  struct Expectation {
    enum class Kind { kAny, kMessage, kPattern };
    Kind kind = Kind::kAny;
    std::string text;
  };
  struct ExpectedSeries {
    model::LabelSet labels;
    std::vector<promql::DescribedValue> values;
  };
  struct Eval {
    std::size_t line = 0;
    bool is_range = false;
    engine::RangeSpec range;
    std::string query;
    std::optional<Expectation> failure;
    bool has_fail_line = false;  // of the new form
    std::vector<Expectation> warnings;
    std::vector<Expectation> infos;
    bool has_no_warnings = false;
    bool has_no_infos = false;
    bool is_ordered = false;
    std::optional<std::string> string;
    std::optional<engine::RangeSpec> range_vector;
    std::optional<double> scalar;
    std::vector<ExpectedSeries> series;
  };

  Result<Eval> ParseEval(const Line& command, const std::vector<Line>& body) const;
  Status ParseEvalCommand(const Line& command, Eval& eval) const;
  Status ParseEvalLine(const Line& line, Eval& eval) const;
  Status ParseExpect(const Line& line, Eval& eval) const;
  Status ParseAnnotation(const Line& line, Eval& eval) const;

  // Empty if all is as expected, else what is not.
  std::string RunEval(const Eval& eval);
  std::string RunInstantAsRange(const Eval& eval);
  // What is expected, with `before` in front of it; empty if anything is.
  static std::string Text(const Expectation& expectation, std::string_view before);
  std::string CheckOutcome(const Eval& eval, const Result<engine::QueryResult>& outcome) const;
  std::string CheckValue(const Eval& eval, const engine::QueryResult& result) const;

  engine::Engine& engine_;
  storage::MemoryStore store_;
};

}  // namespace narthex::script
