#include "config/load.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "sections.h"
#include "yaml/parse.h"

namespace narthex::config {
namespace {

namespace fs = std::filesystem;

Error Wrong(std::string message) { return {ErrorCode::kInvalidArgument, std::move(message)}; }

Result<std::string> ReadText(const std::string& path) {
  std::error_code status;
  const bool is_folder = fs::is_directory(path, status);
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file || is_folder) return SystemError(is_folder ? EISDIR : errno, "open " + path);
  std::ostringstream text;
  text << file.rdbuf();
  return std::move(text).str();
}

// At most one `*`, and only in the last part.
bool IsPattern(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  const std::string_view last = slash == std::string_view::npos ? path : path.substr(slash + 1);
  const auto stars = std::count(path.begin(), path.end(), '*');
  return stars <= 1 && stars == std::count(last.begin(), last.end(), '*');
}

// The files that `pattern` names, sorted. One without `*` names itself, whether it exists or not.
std::vector<std::string> Expand(const std::string& pattern) {
  const fs::path path(pattern);
  const std::string name = path.filename().string();
  const std::size_t star = name.find('*');
  if (star == std::string::npos) return {pattern};
  const std::string prefix = name.substr(0, star);
  const std::string suffix = name.substr(star + 1);
  std::vector<std::string> files;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(path.parent_path(), error)) {
    const std::string candidate = entry.path().filename().string();
    const bool is_match = candidate.size() >= prefix.size() + suffix.size() &&
                          candidate.starts_with(prefix) && candidate.ends_with(suffix);
    if (is_match && !candidate.starts_with('.')) files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

// The top of the file: which section is read when.
struct Sections {
  std::map<std::string_view, const yaml::Node*> nodes;
  std::vector<std::string> scrape_config_files;
};

Status ReadRoot(Reader& reader, const yaml::Node& root, Config& config, Sections& sections) {
  const auto later = [&](std::string_view key) {
    return Field{key, [&sections, key](const yaml::Node& node) {
                   sections.nodes[key] = &node;
                   return Ok();
                 }};
  };
  return reader.Read(root, "config.plain",
                     {later("global"), later("runtime"), later("alerting"),
                      reader.Paths("rule_files", config.rule_files),
                      reader.Paths("scrape_config_files", sections.scrape_config_files),
                      later("scrape_configs"), later("storage"), later("tracing"),
                      later("remote_write"), later("remote_read"), later("otlp")});
}

Status ReadScrapes(Reader& reader, const yaml::Node& list, Config& config) {
  return reader
      .Each("scrape_configs",
            [&](const yaml::Node& item) -> Status {
              NARTHEX_ASSIGN_OR_RETURN(ScrapeConfig scrape,
                                       ReadScrape(reader, item, config.global));
              config.scrape_configs.push_back(std::move(scrape));
              return Ok();
            })
      .read(list);
}

Status CheckAgent(const Sections& sections, const Config& config) {
  for (const std::string_view key : {"alerting", "remote_read", "storage"}) {
    if (sections.nodes.contains(key))
      return Wrong(fmt::format("field {} is not allowed in agent mode", key));
  }
  return config.rule_files.empty() ? Ok() : Wrong("field rule_files is not allowed in agent mode");
}

Status CheckPatterns(const yaml::Node& root) {
  // As written, not as resolved: the folder of the file may hold a star of its own.
  for (const std::string_view key : {"rule_files", "scrape_config_files"}) {
    const yaml::Node* list = root.Find(key);
    if (list == nullptr) continue;
    for (const yaml::Node& item : list->items()) {
      if (IsPattern(item.text())) continue;
      return Wrong(fmt::format("invalid {} path {}",
                               key == "rule_files" ? "rule file" : "scrape config file",
                               model::Quote(item.text())));
    }
  }
  return Ok();
}

Status ReadSections(Reader& reader, const yaml::Node& root, Config& config, Sections& sections) {
  NARTHEX_TRY(ReadRoot(reader, root, config, sections));
  const yaml::Node null;
  const auto section = [&](std::string_view key) -> const yaml::Node& {
    const auto found = sections.nodes.find(key);
    return found == sections.nodes.end() ? null : *found->second;
  };
  NARTHEX_TRY(ReadGlobal(reader, section("global"), config.global));
  NARTHEX_TRY(CheckPatterns(root));
  std::string gogc;
  NARTHEX_TRY(reader.Read(section("runtime"), "config.RuntimeConfig", {reader.Text("gogc", gogc)}));
  NARTHEX_TRY(ReadScrapes(reader, section("scrape_configs"), config));
  NARTHEX_TRY(ReadStorage(reader, section("storage"), config.storage));
  NARTHEX_TRY(CheckAlerting(reader, section("alerting")));
  NARTHEX_TRY(CheckRemoteWrite(reader, section("remote_write")));
  NARTHEX_TRY(CheckRemoteRead(reader, section("remote_read")));
  NARTHEX_TRY(CheckTracing(reader, section("tracing")));
  NARTHEX_TRY(CheckOtlp(reader, section("otlp"), config.global.metric_name_validation_scheme));
  if (!config.rule_files.empty()) {
    const yaml::Node* rules = root.Find("rule_files");
    reader.AddWarning(rules->position(), "rule_files is not supported yet: no rule is evaluated");
  }
  NARTHEX_TRY(reader.Faults());
  return reader.options().is_agent ? CheckAgent(sections, config) : Ok();
}

Result<yaml::Document> ParseYaml(std::string_view text) {
  Result<yaml::Document> document =
      yaml::Parse(text, {.duplicate_keys = yaml::DuplicateKeys::kKeep});
  if (!document.ok()) return std::move(document).error().Under("yaml");
  return document;
}

Status CheckJobNames(const std::vector<ScrapeConfig>& scrapes) {
  std::set<std::string_view> names;
  for (const ScrapeConfig& scrape : scrapes) {
    if (names.insert(scrape.job_name).second) continue;
    return Wrong("found multiple scrape configs with job name " + model::Quote(scrape.job_name));
  }
  return Ok();
}

// The scrape configurations of one file of scrape_config_files.
Status ReadScrapeFile(const std::string& path, const LoadOptions& options, LoadedConfig& loaded) {
  NARTHEX_ASSIGN_OR_RETURN(const std::string text, ReadText(path));
  NARTHEX_ASSIGN_OR_RETURN(const yaml::Document document, ParseYaml(text));
  Reader reader(fs::path(path).parent_path().string(), options);
  NARTHEX_TRY(reader.Read(document.root, "config.ScrapeConfigs",
                          {{"scrape_configs", [&](const yaml::Node& node) {
                              return ReadScrapes(reader, node, loaded.config);
                            }}}));
  NARTHEX_TRY(reader.Faults());
  for (std::string& warning : reader.TakeWarnings())
    loaded.warnings.push_back(fmt::format("{}: {}", path, warning));
  return Ok();
}

Status ReadScrapeFiles(const std::vector<std::string>& patterns, const LoadOptions& options,
                       LoadedConfig& loaded) {
  for (const std::string& pattern : patterns) {
    for (const std::string& path : Expand(pattern)) {
      Status status = ReadScrapeFile(path, options, loaded);
      if (status.ok()) status = CheckJobNames(loaded.config.scrape_configs);
      if (!status.ok()) return std::move(status).error().Under("scrape config file " + path);
    }
  }
  return Ok();
}

}  // namespace

Result<LoadedConfig> LoadText(std::string_view text, const std::string& name,
                              const std::string& dir, const LoadOptions& options) {
  const std::string context = "parsing YAML file " + name;
  Result<yaml::Document> document = ParseYaml(text);
  if (!document.ok()) return std::move(document).error().Under(context);

  LoadedConfig loaded;
  Reader reader(dir, options);
  Sections sections;
  Status status = ReadSections(reader, document->root, loaded.config, sections);
  if (status.ok()) status = CheckJobNames(loaded.config.scrape_configs);
  if (!status.ok()) return std::move(status).error().Under(context);
  loaded.warnings = reader.TakeWarnings();
  loaded.config.effective = EffectiveTree(document->root, loaded.config);

  Status files = ReadScrapeFiles(sections.scrape_config_files, options, loaded);
  if (!files.ok()) return std::move(files).error().Under(context);
  return loaded;
}

Result<LoadedConfig> LoadFile(const std::string& path, const LoadOptions& options) {
  NARTHEX_ASSIGN_OR_RETURN(const std::string text, ReadText(path));
  return LoadText(text, path, fs::path(path).parent_path().string(), options);
}

Result<std::vector<StaticConfig>> ParseTargetGroups(std::string_view text) {
  NARTHEX_ASSIGN_OR_RETURN(const yaml::Document document, ParseYaml(text));
  const LoadOptions options;
  Reader reader("", options);
  std::vector<StaticConfig> groups;
  NARTHEX_TRY(
      reader
          .Each("groups",
                [&](const yaml::Node& item) { return ReadStaticConfig(reader, item, groups); })
          .read(document.root));
  NARTHEX_TRY(reader.Faults());
  return groups;
}

}  // namespace narthex::config
