// narthex tool query: asks a running server, as promtool query does.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "command_line.h"
#include "json/value.h"

namespace narthex::apps {

class ApiClient;

class QueryCommand {
 public:
  // Adds its sub-commands to `query`, which outlives this.
  explicit QueryCommand(CLI::App& query);

  bool is_chosen() const { return query_.parsed(); }
  // Prints the answer; the exit status: 1 if there is none.
  int Run() const;

 private:
  int Instant(const ApiClient& client) const;
  int Range(const ApiClient& client) const;
  int Series(const ApiClient& client) const;
  int Labels(const ApiClient& client) const;
  bool is_json() const { return format_ == "json"; }

  CLI::App& query_;
  CLI::App& instant_;
  CLI::App& range_;
  CLI::App& series_;
  CLI::App& labels_;
  std::string format_ = "promql";
  std::string server_;
  std::vector<std::string> headers_;  // "name=value"
  std::string expression_;
  std::string label_;
  std::vector<std::string> selectors_;
  std::string time_;
  std::string start_;
  std::string end_;
  std::string step_;
};

}  // namespace narthex::apps
