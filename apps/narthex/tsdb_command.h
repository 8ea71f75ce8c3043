// narthex tool tsdb: looks at a store that no server uses.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "command_line.h"

namespace narthex::apps {

// Sub-commands that read and change nothing.
class TsdbCommand {
 public:
  // Adds them to `tsdb`, which outlives this.
  explicit TsdbCommand(CLI::App& tsdb);

  bool is_chosen() const {
    return analyze_.parsed() || dump_.parsed() || dump_open_metrics_.parsed() || verify_.parsed();
  }
  // Does what was chosen; the exit status: 1 if something failed or is damaged, 2 if an argument is
  // wrong.
  int Run() const;

 private:
  int Analyze() const;
  int Dump() const;
  int Verify() const;

  CLI::App& analyze_;
  CLI::App& dump_;
  CLI::App& dump_open_metrics_;
  CLI::App& verify_;
  std::string directory_ = "data/";
  std::string block_;
  std::vector<std::string> selectors_;
  std::size_t limit_ = 20;
  std::int64_t min_time_ = std::numeric_limits<std::int64_t>::min();
  std::int64_t max_time_ = std::numeric_limits<std::int64_t>::max();
  std::string format_ = "prom";
};

}  // namespace narthex::apps
