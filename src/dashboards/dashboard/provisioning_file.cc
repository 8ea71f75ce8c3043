#include "dashboard/provisioning_file.h"

#include <fmt/format.h>

#include <set>

#include "dashboard/document.h"
#include "field_reader.h"
#include "yaml/parse.h"

namespace narthex::dashboard {
namespace {

Result<yaml::Node> ParseRoot(std::string_view text) {
  NARTHEX_ASSIGN_OR_RETURN(yaml::Document document, yaml::Parse(text));
  // An empty file, or one with comments only, provisions nothing.
  if (document.root.is_null()) return yaml::Node::Mapping();
  return std::move(document.root);
}

void CheckApiVersion(FieldReader& root) {
  // Files without it were written for a format of ten years ago whose keys have other names.
  if (const std::int64_t version = root.Int("apiVersion", 1); version != 1) {
    root.Fail("apiVersion", root.line(), fmt::format("{} is not supported, only 1 is", version));
  }
}

Result<DatasourceSpec> ReadDatasource(const yaml::Node& node, const std::string& path,
                                      const VariableSource& source,
                                      std::vector<std::string>& warnings) {
  FieldReader reader(node, path, source);
  DatasourceSpec spec;
  spec.line = node.line();
  spec.name = reader.String("name");
  spec.type = reader.String("type");
  spec.access = reader.String("access", "proxy");
  spec.uid = reader.String("uid");
  spec.url = reader.String("url");
  spec.user = reader.String("user");
  spec.database = reader.String("database");
  spec.basic_auth = reader.Bool("basicAuth", false);
  spec.basic_auth_user = reader.String("basicAuthUser");
  spec.with_credentials = reader.Bool("withCredentials", false);
  spec.is_default = reader.Bool("isDefault", false);
  spec.is_editable = reader.Bool("editable", false);
  spec.org_id = reader.Int("orgId", 1);
  spec.version = reader.Int("version", 0);
  spec.json_data = reader.Tree("jsonData");
  const json::Value secrets = reader.Tree("secureJsonData");
  for (const json::Member& secret : secrets.members()) {
    if (secret.value.is_null()) continue;
    spec.secure_json_data.emplace_back(secret.key, secret.value.is_string()
                                                       ? std::string(secret.value.AsString())
                                                       : json::Print(secret.value));
  }
  reader.Ignore("apiVersion");

  if (reader.status().ok()) {
    if (spec.name.empty()) reader.Fail("name", node.line(), "a data source must have a name");
    if (spec.type.empty()) reader.Fail("type", node.line(), "a data source must have a type");
    if (const Status uid = CheckUid(spec.uid); !uid.ok()) {
      reader.Fail("uid", node.line(), uid.error().message());
    }
  }
  NARTHEX_TRY(reader.status());
  reader.WarnUnknown(warnings);
  return spec;
}

Result<DatasourceRemoval> ReadRemoval(const yaml::Node& node, const std::string& path,
                                      const VariableSource& source) {
  FieldReader reader(node, path, source);
  DatasourceRemoval removal{reader.String("name"), reader.Int("orgId", 1)};
  if (removal.name.empty()) reader.Fail("name", node.line(), "name the data source to delete");
  NARTHEX_TRY(reader.status());
  return removal;
}

Result<Provider> ReadProvider(const yaml::Node& node, const std::string& path,
                              const VariableSource& source, std::vector<std::string>& warnings) {
  FieldReader reader(node, path, source);
  Provider provider;
  provider.line = node.line();
  provider.name = reader.String("name");
  provider.folder = reader.String("folder");
  provider.folder_uid = reader.String("folderUid");
  provider.type = reader.String("type", "file");
  provider.org_id = reader.Int("orgId", 1);
  provider.update_interval_s = reader.Int("updateIntervalSeconds", 10);
  provider.is_deletion_disabled = reader.Bool("disableDeletion", false);
  // `editable` is the old name of the same switch; only the new one opens provisioned dashboards.
  provider.allows_ui_updates = reader.Bool("allowUiUpdates", false);
  reader.Ignore("editable");
  const yaml::Node* options = reader.Mapping("options");
  NARTHEX_TRY(reader.status());

  if (options != nullptr) {
    FieldReader option_reader(*options, path + ".options", source);
    provider.path = option_reader.String("path", option_reader.String("folder"));
    provider.takes_folders_from_structure = option_reader.Bool("foldersFromFilesStructure", false);
    NARTHEX_TRY(option_reader.status());
    option_reader.WarnUnknown(warnings);
  }
  if (provider.type != "file") {
    reader.Fail("type", node.line(),
                fmt::format("'{}' is not supported, only 'file' is", provider.type));
  }
  if (provider.name.empty()) reader.Fail("name", node.line(), "a provider must have a name");
  if (provider.path.empty())
    reader.Fail("options.path", node.line(), "name the folder of the dashboards");
  if (provider.takes_folders_from_structure &&
      !(provider.folder.empty() && provider.folder_uid.empty())) {
    reader.Fail("options.foldersFromFilesStructure", node.line(),
                "needs folder and folderUid to be left out");
  }
  if (const Status uid = CheckUid(provider.folder_uid); !uid.ok()) {
    reader.Fail("folderUid", node.line(), uid.error().message());
  }
  NARTHEX_TRY(reader.status());
  reader.WarnUnknown(warnings);
  return provider;
}

}  // namespace

Result<DatasourceFile> ParseDatasourceFile(std::string_view text, const VariableSource& source) {
  NARTHEX_ASSIGN_OR_RETURN(const yaml::Node root, ParseRoot(text));
  FieldReader reader(root, "", source);
  CheckApiVersion(reader);
  DatasourceFile file;
  file.prune = reader.Bool("prune", false);
  const auto removals = reader.Sequence("deleteDatasources");
  const auto datasources = reader.Sequence("datasources");
  NARTHEX_TRY(reader.status());
  reader.WarnUnknown(file.warnings);

  for (const yaml::Node& node : removals) {
    const std::string path = fmt::format("deleteDatasources[{}]", file.removals.size());
    NARTHEX_ASSIGN_OR_RETURN(DatasourceRemoval removal, ReadRemoval(node, path, source));
    file.removals.push_back(std::move(removal));
  }
  std::set<std::pair<std::int64_t, std::string>> names;
  std::set<std::int64_t> orgs_with_default;
  for (const yaml::Node& node : datasources) {
    const std::string path = fmt::format("datasources[{}]", file.datasources.size());
    NARTHEX_ASSIGN_OR_RETURN(DatasourceSpec spec,
                             ReadDatasource(node, path, source, file.warnings));
    if (!names.emplace(spec.org_id, spec.name).second) {
      return Error(ErrorCode::kInvalidArgument, fmt::format("line {}: {}.name: '{}' is there twice",
                                                            node.line(), path, spec.name));
    }
    if (spec.is_default && !orgs_with_default.insert(spec.org_id).second) {
      return Error(
          ErrorCode::kInvalidArgument,
          fmt::format("line {}: {}.isDefault: only one data source of an organisation can be "
                      "the default",
                      node.line(), path));
    }
    file.datasources.push_back(std::move(spec));
  }
  return file;
}

Result<ProviderFile> ParseProviderFile(std::string_view text, const VariableSource& source) {
  NARTHEX_ASSIGN_OR_RETURN(const yaml::Node root, ParseRoot(text));
  FieldReader reader(root, "", source);
  CheckApiVersion(reader);
  const auto providers = reader.Sequence("providers");
  NARTHEX_TRY(reader.status());

  ProviderFile file;
  reader.WarnUnknown(file.warnings);
  std::set<std::string> names;
  for (const yaml::Node& node : providers) {
    const std::string path = fmt::format("providers[{}]", file.providers.size());
    NARTHEX_ASSIGN_OR_RETURN(Provider provider, ReadProvider(node, path, source, file.warnings));
    if (!names.insert(provider.name).second) {
      return Error(ErrorCode::kInvalidArgument, fmt::format("line {}: {}.name: '{}' is there twice",
                                                            node.line(), path, provider.name));
    }
    file.providers.push_back(std::move(provider));
  }
  return file;
}

}  // namespace narthex::dashboard
