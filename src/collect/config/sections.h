// The sections of the file, one function each.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "config/config.h"
#include "model/relabel.h"
#include "reader.h"

namespace narthex::config {

Status ReadGlobal(Reader& reader, const yaml::Node& node, GlobalConfig& into);
Status ReadStorage(Reader& reader, const yaml::Node& node, StorageConfig& into);

// One entry of scrape_configs, completed by what `global` gives and checked as a whole. Where the
// reader has faults by then, only they count.
Result<ScrapeConfig> ReadScrape(Reader& reader, const yaml::Node& node, const GlobalConfig& global);

// Keys that stand in `global` and in scrape_configs alike.
Status ReadProtocols(Reader& reader, const yaml::Node& node, std::vector<ScrapeProtocol>& into,
                     std::string& wrong);
Status ReadNameScheme(Reader& reader, const yaml::Node& node,
                      std::optional<model::NameValidation>& into);
Status ReadEscaping(Reader& reader, const yaml::Node& node,
                    std::optional<model::NameEscaping>& into);
// What a target is asked for where nothing is configured.
std::vector<ScrapeProtocol> DefaultProtocols(bool with_native_histograms);
std::vector<Field> LimitFields(Reader& reader, ScrapeLimits& into);

// One rule of a list of relabel configurations. `what` names the list where the entry is null.
Status ReadRelabel(Reader& reader, const yaml::Node& node, std::string_view what,
                   std::vector<model::RelabelConfig>& into);

// Errors: kInvalidArgument  the rule does not hold under `validation`
Status FinishRelabel(const model::RelabelConfig& rule, model::NameValidation validation);

Status ReadStaticConfig(Reader& reader, const yaml::Node& node, std::vector<StaticConfig>& into);

// The fields of all service discoveries. Those that are not supported are checked and warned about.
std::vector<Field> DiscoveryFields(Reader& reader, std::vector<StaticConfig>& statics,
                                   std::vector<FileSdConfig>& files);

// The rules on the values of a discovery that is not supported, keys already checked.
Status CheckDiscovery(std::string_view key, const yaml::Node& node);

// Sections whose subsystem does not exist: keys and rules are checked, nothing is kept.
Status CheckAlerting(Reader& reader, const yaml::Node& node);
Status CheckRemoteWrite(Reader& reader, const yaml::Node& node);
Status CheckRemoteRead(Reader& reader, const yaml::Node& node);
Status CheckTracing(Reader& reader, const yaml::Node& node);
Status CheckOtlp(Reader& reader, const yaml::Node& node, model::NameValidation scheme);

// Config::effective of a file whose root is `root`.
yaml::Node EffectiveTree(const yaml::Node& root, const Config& config);

// The text of an external label with $VAR, ${VAR} and $$ expanded. A variable that is not set is
// empty and warned about.
std::string ExpandEnvironment(Reader& reader, const yaml::Node& node);

}  // namespace narthex::config
