// global and storage.
#include <fmt/format.h>

#include <cstdlib>
#include <iterator>

#include "config/size.h"
#include "sections.h"

namespace narthex::config {
namespace {

Error Wrong(std::string message) { return {ErrorCode::kInvalidArgument, std::move(message)}; }

bool IsVariableCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

std::optional<std::string> Variable(const LoadOptions& options, const std::string& name) {
  if (options.environment) return options.environment(name);
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

Status ReadExternalLabels(Reader& reader, const yaml::Node& node, GlobalConfig& into) {
  std::map<std::string, std::string> raw;
  NARTHEX_TRY(reader.TextMap("external_labels", raw).read(node));
  std::vector<std::pair<std::string, std::string>> labels;
  for (const auto& [name, value] : raw) {
    const yaml::Node* written = node.Find(name);
    labels.emplace_back(name, ExpandEnvironment(reader, *written));
  }
  for (const auto& [name, value] : labels) {
    if (name.empty() || !model::IsUtf8(name))
      return Wrong(model::Quote(name) + " is not a valid label name");
    if (!model::IsUtf8(value)) return Wrong(model::Quote(value) + " is not a valid label value");
  }
  into.external_labels = model::LabelSet::From(std::move(labels));
  return Ok();
}

Status CompleteGlobal(GlobalConfig& global, const std::string& wrong_protocols,
                      std::optional<model::NameValidation> scheme) {
  if (!wrong_protocols.empty())
    return Wrong("scrape_protocols: " + wrong_protocols + " for global config");
  global.metric_name_validation_scheme = scheme.value_or(model::NameValidation::kUtf8);
  // A job may still switch to UTF-8, so a legacy global with an allow-utf-8 scheme is wrong at
  // once.
  if (scheme == model::NameValidation::kLegacy &&
      global.metric_name_escaping_scheme == model::NameEscaping::kNone) {
    return Wrong("utf8 metric names requested but validation scheme is not set to UTF8");
  }
  if (scheme == model::NameValidation::kLegacy) {
    for (const model::Label& label : global.external_labels) {
      if (!model::IsLegacyLabelName(label.name))
        return Wrong(model::Quote(label.name) + " is not a valid label name");
    }
  }

  constexpr std::chrono::milliseconds kNone{0};
  const GlobalConfig defaults;
  if (global.scrape_interval == kNone) global.scrape_interval = defaults.scrape_interval;
  if (global.scrape_timeout > global.scrape_interval) {
    return Wrong("global scrape timeout greater than scrape interval");
  }
  if (global.scrape_timeout == kNone)
    global.scrape_timeout = std::min(defaults.scrape_timeout, global.scrape_interval);
  if (global.evaluation_interval == kNone)
    global.evaluation_interval = defaults.evaluation_interval;
  return Ok();
}

Status ReadRetention(Reader& reader, const yaml::Node& node, StorageConfig& into) {
  std::chrono::milliseconds time{0};
  std::string size;
  NARTHEX_TRY(reader.Read(node, "config.TSDBRetentionConfig",
                          {reader.Duration("time", time), reader.Text("size", size),
                           reader.Fraction("percentage", into.retention_percentage)}));
  if (node.Find("time") != nullptr) into.retention_time = time;
  if (!size.empty()) {
    if (size.starts_with('-'))
      return Wrong("'storage.tsdb.retention.size' must be greater than or equal to 0");
    NARTHEX_ASSIGN_OR_RETURN(into.retention_size_bytes, ParseSize(size));
  }
  if (!(into.retention_percentage >= 0 && into.retention_percentage <= 100)) {
    return Wrong("'storage.tsdb.retention.percentage' must be in the range [0, 100]");
  }
  return Ok();
}

Status ReadChunkEncoding(Reader& reader, const yaml::Node& node) {
  std::string floats;
  NARTHEX_TRY(reader.Read(node, "config.ChunkEncodingConfig", {reader.Text("floats", floats)}));
  if (floats.empty() || floats == "xor" || floats == "xor2") return Ok();
  return Wrong(fmt::format(
      "'storage.tsdb.chunk_encoding.floats' must be 'xor' or 'xor2', or the field must be omitted "
      "entirely, got {}",
      model::Quote(floats)));
}

Status ReadTsdb(Reader& reader, const yaml::Node& node, StorageConfig& into) {
  double stale_threshold = 0;
  NARTHEX_TRY(reader.Read(
      node, "config.plain",
      {reader.Duration("out_of_order_time_window", into.out_of_order_time_window),
       reader.Fraction("stale_series_compaction_threshold", stale_threshold),
       {"retention", [&](const yaml::Node& value) { return ReadRetention(reader, value, into); }},
       {"chunk_encoding",
        [&](const yaml::Node& value) { return ReadChunkEncoding(reader, value); }}}));
  if (!(stale_threshold >= 0 && stale_threshold <= 1)) {
    return Wrong("'storage.tsdb.stale_series_compaction_threshold' must be in the range [0, 1]");
  }
  return Ok();
}

}  // namespace

std::string ExpandEnvironment(Reader& reader, const yaml::Node& node) {
  const std::string& text = node.text();
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '$' || i + 1 == text.size()) {
      result += text[i];
      continue;
    }
    if (text[i + 1] == '$') {
      result += '$';
      ++i;
      continue;
    }
    const bool is_braced = text[i + 1] == '{';
    const std::size_t start = i + (is_braced ? 2 : 1);
    std::size_t end = start;
    while (end < text.size() && (is_braced ? text[end] != '}' : IsVariableCharacter(text[end])))
      ++end;
    if (end == start || end > text.size() || (is_braced && end == text.size())) {
      result += '$';  // no name follows: an ordinary dollar
      continue;
    }
    const std::string name = text.substr(start, end - start);
    const std::optional<std::string> value = Variable(reader.options(), name);
    if (!value || value->empty())
      reader.AddWarning(node.position(), fmt::format("environment variable {} is empty", name));
    result += value.value_or("");
    i = is_braced ? end : end - 1;
  }
  return result;
}

void ApplyOptions(const LoadOptions& options, GlobalConfig& global) {
  if (options.prefers_protobuf && global.scrape_protocols.empty()) {
    global.scrape_protocols = DefaultProtocols(true);
  }
  if (!options.scrape_interval) return;
  global.scrape_interval = *options.scrape_interval;
  if (global.scrape_timeout > global.scrape_interval)
    global.scrape_timeout = global.scrape_interval;
}

Status ReadGlobal(Reader& reader, const yaml::Node& node, GlobalConfig& into) {
  if (node.is_null()) {
    ApplyOptions(reader.options(), into);
    return Ok();
  }
  std::string wrong_protocols;
  std::optional<model::NameValidation> scheme;
  // Zero until read: the defaults depend on each other.
  into.scrape_timeout = std::chrono::milliseconds(0);
  std::vector<Field> fields = {
      reader.Duration("scrape_interval", into.scrape_interval),
      reader.Duration("scrape_timeout", into.scrape_timeout),
      reader.Duration("evaluation_interval", into.evaluation_interval),
      reader.Duration("rule_query_offset", into.rule_query_offset),
      {"scrape_protocols",
       [&](const yaml::Node& value) {
         return ReadProtocols(reader, value, into.scrape_protocols, wrong_protocols);
       }},
      {"external_labels",
       [&](const yaml::Node& value) { return ReadExternalLabels(reader, value, into); }},
      reader.Path("query_log_file", into.query_log_file),
      reader.WithoutEffect(reader.Path("scrape_failure_log_file", into.scrape_failure_log_file)),
      {"metric_name_validation_scheme",
       [&](const yaml::Node& value) { return ReadNameScheme(reader, value, scheme); }},
      {"metric_name_escaping_scheme",
       [&](const yaml::Node& value) {
         return ReadEscaping(reader, value, into.metric_name_escaping_scheme);
       }},
      reader.Flag("scrape_native_histograms", into.histograms.scrape_native_histograms),
      reader.Flag("convert_classic_histograms_to_nhcb",
                  into.histograms.convert_classic_histograms_to_nhcb),
      reader.Flag("always_scrape_classic_histograms",
                  into.histograms.always_scrape_classic_histograms),
      reader.Flag("extra_scrape_metrics", into.extra_scrape_metrics),
  };
  std::ranges::move(LimitFields(reader, into.limits), std::back_inserter(fields));
  NARTHEX_TRY(reader.Read(node, "config.plain", fields));
  ApplyOptions(reader.options(), into);
  return reader.has_faults() ? Ok() : CompleteGlobal(into, wrong_protocols, scheme);
}

Status ReadStorage(Reader& reader, const yaml::Node& node, StorageConfig& into) {
  const auto exemplars = [&](const yaml::Node& value) -> Status {
    return reader.Read(value, "config.plain",
                       {reader.Fraction("max_exemplars", into.exemplar_count_max)});
  };
  return reader.Read(
      node, "config.plain",
      {{"tsdb", [&](const yaml::Node& value) { return ReadTsdb(reader, value, into); }},
       {"exemplars", exemplars}});
}

}  // namespace narthex::config
