// narthex tool tsdb import | export: samples from and to Prometheus.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace narthex::apps {

// Must live as long as the App that it has been added to.
class InterchangeCommand {
 public:
  // Adds the two sub-commands to `tsdb`.
  void AddTo(CLI::App& tsdb);
  // The exit status if one of them has been called for, else empty.
  std::optional<int> Run() const;

 private:
  int Import() const;
  int Export() const;

  CLI::App* import_ = nullptr;  // owned by the App, like the other one
  CLI::App* export_ = nullptr;
  std::string source_;
  std::string target_;
  std::string storage_path_ = "data/";
  std::vector<std::string> matches_;
  std::string block_range_ = "2h";
  std::int64_t min_time_ = std::numeric_limits<std::int64_t>::min();
  std::int64_t max_time_ = std::numeric_limits<std::int64_t>::max();
};

}  // namespace narthex::apps
