#include "promql_command.h"

#include <fmt/format.h>

#include "api/parse_tree.h"
#include "engine/engine.h"
#include "io/file_system.h"
#include "json/reader.h"
#include "json/writer.h"
#include "promql/parser.h"
#include "promql/printer.h"
#include "script/runner.h"

namespace narthex::apps {
namespace {

// The longest query that is read from standard input.
constexpr std::size_t kQuerySizeMax = std::size_t{1} << 20;

// The query that a user gave as `argument`: itself, or what standard input says.
Result<std::string> QueryOf(const std::string& argument) {
  if (argument != "-") return argument;
  std::string query;
  for (int c = std::fgetc(stdin); c != EOF; c = std::fgetc(stdin)) {
    if (query.size() == kQuerySizeMax) {
      return Error{ErrorCode::kResourceExhausted, "the query is longer than 1 MiB"};
    }
    query.push_back(static_cast<char>(c));
  }
  return query;
}

// What came of the scripts.
struct Tally {
  std::size_t passed_count = 0;
  std::size_t failed_count = 0;
};

// Runs one script and prints what fails in it. A script that cannot be read or understood is one
// failure.
void RunScript(const std::string& path, Tally& tally) {
  const auto fail = [&](const std::string& text) {
    std::printf("FAILED: %s\n", text.c_str());
    ++tally.failed_count;
  };
  const auto text = io::ReadFile(io::SystemFiles(), path);
  if (!text.ok()) return fail(text.error().message());
  engine::Engine engine(script::ScriptOptions());
  const auto results = script::ScriptRunner(engine).Run(*text);
  if (!results.ok()) return fail(path + ": " + results.error().message());
  for (const script::ScriptResult& result : *results) {
    if (result.failure.empty()) {
      ++tally.passed_count;
    } else {
      fail(fmt::format("{}:{}: {}\n  {}", path, result.line, result.query, result.failure));
    }
  }
}

// The whole language: what a server takes is a matter of its flags.
promql::ParseOptions WholeLanguage() {
  promql::ParseOptions options;
  options.allows_experimental_functions = true;
  options.allows_extended_range_selectors = true;
  options.allows_fill_modifiers = true;
  return options;
}

Result<promql::ExprPtr> ReadQuery(const std::string& argument) {
  NARTHEX_ASSIGN_OR_RETURN(const std::string query, QueryOf(argument));
  return promql::ParseExpression(query, WholeLanguage());
}

int Failed(const Error& error) {
  std::fprintf(stderr, "%s\n", error.message().c_str());
  return 1;
}

}  // namespace

PromqlCommand::PromqlCommand(CLI::App& promql)
    : promql_(promql),
      format_(*promql.add_subcommand("format", "Print a query the way people read it best")),
      parse_(*promql.add_subcommand("parse", "Print a query's syntax tree as JSON")),
      test_(*promql.add_subcommand("test", "Run scripts of the PromQL test language")) {
  promql.require_subcommand(1);
  for (CLI::App* command : {&format_, &parse_}) {
    command
        ->add_option("query", query_,
                     "The query; -: read from standard input. Behind -- it may begin with a minus")
        ->required();
  }
  test_.add_option("files", files_, "The scripts")->required();
}

int PromqlCommand::Run() const {
  if (test_.parsed()) return Test();
  return format_.parsed() ? Format() : Parse();
}

int PromqlCommand::Test() const {
  Tally tally;
  for (const std::string& file : files_) RunScript(file, tally);
  std::printf("%zu passed, %zu failed\n", tally.passed_count, tally.failed_count);
  return tally.failed_count == 0 ? 0 : 1;
}

int PromqlCommand::Format() const {
  const auto expr = ReadQuery(query_);
  if (!expr.ok()) return Failed(expr.error());
  std::printf("%s\n", promql::Format(**expr).c_str());
  return 0;
}

int PromqlCommand::Parse() const {
  const auto expr = ReadQuery(query_);
  if (!expr.ok()) return Failed(expr.error());
  std::string text;
  json::Writer writer(text);
  api::WriteParseTree(writer, **expr);
  const auto tree = json::Parse(text);
  if (!tree.ok()) return Failed(tree.error());
  std::printf("%s\n", json::Print(*tree, json::Layout::kPretty).c_str());
  return 0;
}

}  // namespace narthex::apps
