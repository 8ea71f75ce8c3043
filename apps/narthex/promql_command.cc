#include "promql_command.h"

#include "api/parse_tree.h"
#include "json/reader.h"
#include "json/writer.h"
#include "promql/parser.h"
#include "promql/printer.h"

namespace narthex::apps {
namespace {

// The whole language: what a server takes is a matter of its flags.
promql::ParseOptions WholeLanguage() {
  promql::ParseOptions options;
  options.allows_experimental_functions = true;
  options.allows_extended_range_selectors = true;
  options.allows_fill_modifiers = true;
  return options;
}

int Failed(const Error& error) {
  std::fprintf(stderr, "%s\n", error.message().c_str());
  return 1;
}

}  // namespace

PromqlCommand::PromqlCommand(CLI::App& promql)
    : promql_(promql),
      format_(*promql.add_subcommand("format", "Print a query the way people read it best")),
      parse_(*promql.add_subcommand("parse", "Print a query's syntax tree as JSON")) {
  promql.require_subcommand(1);
  for (CLI::App* command : {&format_, &parse_})
    command->add_option("query", query_, "The query")->required();
}

int PromqlCommand::Run() const { return format_.parsed() ? Format() : Parse(); }

int PromqlCommand::Format() const {
  const auto expr = promql::ParseExpression(query_, WholeLanguage());
  if (!expr.ok()) return Failed(expr.error());
  std::printf("%s\n", promql::Format(**expr).c_str());
  return 0;
}

int PromqlCommand::Parse() const {
  const auto expr = promql::ParseExpression(query_, WholeLanguage());
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
