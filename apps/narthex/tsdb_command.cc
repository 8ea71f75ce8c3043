#include "tsdb_command.h"

#include <fmt/format.h>

#include "base/log.h"
#include "io/file_system.h"
#include "promql/parser.h"
#include "tsdb/inspector.h"

namespace narthex::apps {
namespace {

using Selector = std::vector<model::Matcher>;

Status Print(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) == text.size()) return Ok();
  return Error{ErrorCode::kIo, "the output cannot be written"};
}

int FailWith(const Error& error) {
  std::fprintf(stderr, "FAILED: %s\n", error.message().c_str());
  return error.code() == ErrorCode::kInvalidArgument ? 2 : 1;
}

Result<std::vector<Selector>> ParseSelectors(const std::vector<std::string>& texts) {
  std::vector<Selector> selectors;
  for (const std::string& text : texts) {
    Result<Selector> selector = promql::ParseMetricSelector(text);
    if (!selector.ok()) return std::move(selector).error().Under("--match");
    selectors.push_back(*std::move(selector));
  }
  return selectors;
}

}  // namespace

TsdbCommand::TsdbCommand(CLI::App& tsdb)
    : analyze_(*tsdb.add_subcommand("analyze", "What blocks and head are made of")),
      dump_(*tsdb.add_subcommand("dump", "Print samples, a line each")),
      dump_open_metrics_(
          *tsdb.add_subcommand("dump-openmetrics", "The same as --format=openmetrics")),
      verify_(*tsdb.add_subcommand("verify", "Read everything and tell what is damaged")) {
  for (CLI::App* command : {&analyze_, &dump_, &dump_open_metrics_, &verify_}) {
    command->add_option("path", directory_, "The folder")->capture_default_str();
  }
  analyze_.add_option("block", block_, "Id of a block, or head (default: all)");
  analyze_.add_option("--limit", limit_, "Entries of each list")->capture_default_str();
  for (CLI::App* command : {&analyze_, &dump_, &dump_open_metrics_}) {
    command->add_option("--match", selectors_, "Only series of this selector; may be repeated")
        ->allow_extra_args(false);
  }
  for (CLI::App* command : {&dump_, &dump_open_metrics_}) {
    command->add_option("--min-time", min_time_, "First millisecond since 1970");
    command->add_option("--max-time", max_time_, "Last millisecond since 1970");
  }
  dump_.add_option("--format", format_, "prom or openmetrics")
      ->capture_default_str()
      ->check(CLI::IsMember({"prom", "openmetrics"}));
}

int TsdbCommand::Run() const {
  // The output belongs to what was asked for.
  ConfigureLog({.level = LogLevel::kWarn});
  if (analyze_.parsed()) return Analyze();
  return verify_.parsed() ? Verify() : Dump();
}

int TsdbCommand::Analyze() const {
  const Result<std::vector<Selector>> selectors = ParseSelectors(selectors_);
  if (!selectors.ok()) return FailWith(selectors.error());
  auto inspector = tsdb::Inspector::Open(io::SystemFiles(), SystemClock(), directory_);
  if (!inspector.ok()) return FailWith(inspector.error());
  tsdb::AnalyzeOptions options{.block = block_, .limit = limit_};
  // Of several selectors all must accept a series.
  for (const Selector& selector : *selectors) {
    options.matchers.insert(options.matchers.end(), selector.begin(), selector.end());
  }
  const Status analyzed = (*inspector)->Analyze(options, Print);
  return analyzed.ok() ? 0 : FailWith(analyzed.error());
}

int TsdbCommand::Dump() const {
  tsdb::DumpOptions options;
  Result<std::vector<Selector>> selectors = ParseSelectors(selectors_);
  if (!selectors.ok()) return FailWith(selectors.error());
  options.selectors = *std::move(selectors);
  options.range = {min_time_, max_time_};
  if (dump_open_metrics_.parsed() || format_ == "openmetrics") {
    options.format = tsdb::DumpOptions::Format::kOpenMetrics;
  }
  auto inspector = tsdb::Inspector::Open(io::SystemFiles(), SystemClock(), directory_);
  if (!inspector.ok()) return FailWith(inspector.error());
  const Status dumped = (*inspector)->Dump(options, Print);
  return dumped.ok() ? 0 : FailWith(dumped.error());
}

int TsdbCommand::Verify() const {
  const auto report = tsdb::Verify(io::SystemFiles(), directory_, Print);
  if (!report.ok()) return FailWith(report.error());
  std::printf("%llu blocks, %llu series, %llu samples, %llu records of the log: ",
              static_cast<unsigned long long>(report->block_count),
              static_cast<unsigned long long>(report->series_count),
              static_cast<unsigned long long>(report->sample_count),
              static_cast<unsigned long long>(report->log_record_count));
  if (report->damage_count == 0) {
    std::printf("sound\n");
    return 0;
  }
  std::printf("%llu damaged\n", static_cast<unsigned long long>(report->damage_count));
  return 1;
}

}  // namespace narthex::apps
