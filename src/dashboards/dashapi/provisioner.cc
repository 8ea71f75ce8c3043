#include "provisioner.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/hash.h"
#include "base/log.h"
#include "candidate.h"
#include "io/file_system.h"
#include "json/reader.h"
#include "provisioning_folder.h"

namespace narthex::dashapi {
namespace {

// Where the containers of Grafana have their provisioning files, and where files written for them
// point.
constexpr std::string_view kContainerFolder = "/etc/grafana/provisioning";

Result<std::string> ReadText(const std::string& path) {
  return io::ReadFile(io::SystemFiles(), path, kFileSizeMax);
}

}  // namespace

Provisioner::~Provisioner() = default;

dashboard::VariableSource Provisioner::Variables() const {
  return {[this](std::string_view name) -> std::optional<std::string> {
            return options_.environment ? options_.environment(name) : std::nullopt;
          },
          [](std::string_view path) { return ReadText(std::string(path)); }};
}

Status Provisioner::ApplyDatasources(When when) {
  const MutexLock lock(apply_mutex_);
  NARTHEX_ASSIGN_OR_RETURN(const auto paths,
                           YamlFiles(io::JoinPath(options_.provisioning_folder, "datasources")));
  std::vector<dashstore::Datasources::Provisioned> files;
  std::vector<FileState> states;
  Status first_error;
  std::string texts;
  for (const std::string& path : paths) {
    FileState state;
    state.kind = "datasources";
    state.path = path;
    Result<std::string> text = ReadText(path);
    texts += fmt::format("{} {:016x}\n", path, text.ok() ? Hash64(*text) : 0);
    Result<dashboard::DatasourceFile> file =
        text.ok() ? dashboard::ParseDatasourceFile(*text, Variables()) : text.error();
    if (file.ok()) {
      state.warnings = file->warnings;
      files.push_back({path, *std::move(file)});
    } else {
      state.error = file.error().message();
      if (first_error.ok()) first_error = Error(file.error()).Under(path);
    }
    states.push_back(std::move(state));
  }
  if (when == When::kIfChanged && std::exchange(datasource_texts_, texts) == texts) return Ok();
  datasource_texts_ = std::move(texts);
  if (first_error.ok()) {
    first_error = store_.datasources().Provision(files);
    if (!first_error.ok() && !states.empty()) {
      // The message names the file; the others are not in force either.
      for (FileState& state : states) {
        const bool is_named = first_error.error().message().starts_with(state.path);
        state.error =
            is_named ? first_error.error().message() : "not applied: another file is wrong";
      }
    }
  }
  Publish("datasources", std::move(states));
  return first_error;
}

Provisioner::Providers Provisioner::ReadProviders(std::vector<FileState>& states,
                                                  bool& is_complete) {
  Providers providers;
  std::map<std::string, std::string> owners;  // provider's name -> file
  const auto paths = YamlFiles(io::JoinPath(options_.provisioning_folder, "dashboards"));
  if (!paths.ok()) {
    is_complete = false;
    return providers;
  }
  for (const std::string& path : *paths) {
    FileState state;
    state.kind = "providers";
    state.path = path;
    Result<std::string> text = ReadText(path);
    Result<dashboard::ProviderFile> file =
        text.ok() ? dashboard::ParseProviderFile(*text, Variables()) : text.error();
    if (file.ok()) {
      state.warnings = file->warnings;
      for (dashboard::Provider& provider : file->providers) {
        const auto [owner, is_new] = owners.emplace(provider.name, path);
        if (is_new) {
          providers.push_back(std::move(provider));
        } else {
          state.error = fmt::format("line {}: a provider named '{}' stands in {} already",
                                    provider.line, provider.name, owner->second);
        }
      }
    } else {
      state.error = file.error().message();
    }
    is_complete = is_complete && state.error.empty();
    states.push_back(std::move(state));
  }
  return providers;
}

std::string Provisioner::ProviderFolder(const dashboard::Provider& provider) const {
  const std::string_view path = provider.path;
  const bool is_containers =
      path == kContainerFolder || path.starts_with(std::string(kContainerFolder) + "/");
  if (is_containers && !io::Exists(io::SystemFiles(), path)) {
    return options_.provisioning_folder + std::string(path.substr(kContainerFolder.size()));
  }
  return provider.path;
}

void Provisioner::Scan(const dashboard::Provider& provider, std::vector<Candidate>& candidates,
                       std::vector<FileState>& states) {
  const std::string folder = ProviderFolder(provider);
  const Result<DashboardFolder> found = ListDashboards(folder);
  {
    const MutexLock lock(state_mutex_);
    // A folder that is not there yet is watched for in the one above it.
    if (!found.ok()) provider_folders_.emplace_back(io::ParentPath(folder));
    if (found.ok())
      provider_folders_.insert(provider_folders_.end(), found->folders.begin(),
                               found->folders.end());
  }
  if (!found.ok()) {
    states.push_back({.kind = "providers",
                      .path = folder,
                      .provider = provider.name,
                      .uid = {},
                      .title = {},
                      .error = found.error().message(),
                      .warnings = {}});
    Candidate missing;
    missing.provider = &provider;
    missing.is_folder_missing = true;
    candidates.push_back(std::move(missing));
    return;
  }
  for (const std::string& file : found->files) {
    Candidate candidate;
    candidate.provider = &provider;
    candidate.relative_path = file;
    candidate.path = io::JoinPath(folder, file);
    candidates.push_back(std::move(candidate));
  }
}

void Provisioner::Read(Candidate& candidate) {
  const Result<std::string> text = ReadText(candidate.path);
  if (!text.ok()) {
    candidate.error = text.error().message();
    return;
  }
  const dashboard::Provider& provider = *candidate.provider;
  candidate.checksum = fmt::format(
      "{:016x}{:016x}|{}|{}|{}|{}", Hash64(*text, 0), Hash64(*text, 1), provider.folder,
      provider.folder_uid, provider.takes_folders_from_structure, provider.allows_ui_updates);
  if (candidate.record && candidate.record->provisioned->checksum == candidate.checksum) {
    candidate.uid = candidate.record->uid;
    candidate.title = candidate.record->title;
    return;
  }
  Result<json::Value> document = json::Parse(*text);
  if (!document.ok()) {
    candidate.error = document.error().message();
    return;
  }
  const Result<dashboard::Summary> summary = dashboard::Summarise(*document);
  if (!summary.ok()) {
    candidate.error = summary.error().message();
    return;
  }
  candidate.title = summary->title;
  candidate.uid = summary->uid;
  if (candidate.uid.empty()) {
    // Stable over restarts, so that links to it stay good.
    candidate.uid = fmt::format("f{:016x}", Hash64(provider.name + '\n' + candidate.relative_path));
    document->Set("uid", json::Value(candidate.uid));
  }
  candidate.document = *std::move(document);
}

void Provisioner::RefuseDuplicates(std::vector<Candidate>& candidates) {
  std::sort(candidates.begin(), candidates.end(),
            [](const Candidate& a, const Candidate& b) { return a.path < b.path; });
  std::map<std::pair<std::int64_t, std::string>, const Candidate*> owners;
  for (Candidate& candidate : candidates) {
    if (!candidate.error.empty() || candidate.uid.empty()) continue;
    const auto [owner, is_new] =
        owners.emplace(std::pair(candidate.provider->org_id, candidate.uid), &candidate);
    if (is_new) continue;
    candidate.error = fmt::format("{}: the uid '{}' belongs to {} already", candidate.path,
                                  candidate.uid, owner->second->path);
    candidate.is_duplicate = true;
  }
}

Result<std::string> Provisioner::FolderUid(const Candidate& candidate) {
  const dashboard::Provider& provider = *candidate.provider;
  std::string title = provider.folder;
  if (provider.takes_folders_from_structure) {
    const std::string_view parent = io::ParentPath(candidate.relative_path);
    title = parent == "." ? std::string() : std::string(parent.substr(parent.rfind('/') + 1));
  }
  dashstore::Folders& folders = store_.folders();
  if (!provider.folder_uid.empty()) {
    NARTHEX_ASSIGN_OR_RETURN(const auto found, folders.Find(provider.org_id, provider.folder_uid));
    if (found) return found->uid;
    if (title.empty()) title = provider.folder_uid;
  }
  if (title.empty() || title == "General") return std::string();
  if (provider.folder_uid.empty()) {
    NARTHEX_ASSIGN_OR_RETURN(const auto found, folders.FindByTitle(provider.org_id, title, ""));
    if (found) return found->uid;
  }
  dashstore::Folder folder;
  folder.org_id = provider.org_id;
  folder.uid = provider.folder_uid;
  folder.title = title;
  NARTHEX_ASSIGN_OR_RETURN(const dashstore::Folder made, folders.Create(std::move(folder)));
  return made.uid;
}

Status Provisioner::Apply(Candidate& candidate) {
  const dashboard::Provider& provider = *candidate.provider;
  NARTHEX_ASSIGN_OR_RETURN(const auto org, store_.users().FindOrg(provider.org_id));
  if (!org) {
    candidate.error = fmt::format("there is no organisation {}", provider.org_id);
    return Ok();
  }
  NARTHEX_ASSIGN_OR_RETURN(std::string folder_uid, FolderUid(candidate));
  dashstore::SaveDashboard save;
  save.org_id = provider.org_id;
  save.document = std::move(candidate.document);
  save.folder_uid = std::move(folder_uid);
  save.provisioned = dashstore::ProvisionedFrom{provider.name, candidate.relative_path,
                                                candidate.checksum, provider.allows_ui_updates};
  const auto saved = store_.dashboards().Save(std::move(save));
  if (saved.ok()) {
    if (when_saved_) when_saved_(*saved);
    LogInfo("provisioning", "dashboard loaded", {{"file", candidate.path}, {"uid", candidate.uid}});
    return Ok();
  }
  if (saved.code() != ErrorCode::kInvalidArgument && saved.code() != ErrorCode::kAlreadyExists) {
    return saved.error();
  }
  candidate.error = saved.error().message();
  return Ok();
}

Status Provisioner::RemoveStale(const std::vector<Candidate>& candidates,
                                const Providers& providers, bool is_complete) {
  std::map<std::pair<std::string, std::string>, const Candidate*> by_file;
  std::set<std::string> missing_folders;
  for (const Candidate& candidate : candidates) {
    if (candidate.is_folder_missing) missing_folders.insert(candidate.provider->name);
    by_file[{candidate.provider->name, candidate.relative_path}] = &candidate;
  }
  NARTHEX_ASSIGN_OR_RETURN(const auto records, store_.dashboards().Provisioned());
  for (const dashstore::DashboardRecord& record : records) {
    const std::string& name = record.provisioned->provider;
    const auto provider =
        std::find_if(providers.begin(), providers.end(),
                     [&](const dashboard::Provider& p) { return p.name == name; });
    // What is only unreadable for now is not gone: an unmounted folder must not empty the database.
    if (missing_folders.count(name) > 0 || (provider == providers.end() && !is_complete)) continue;
    const auto found = by_file.find({name, record.provisioned->path});
    if (found != by_file.end()) {
      const Candidate& candidate = *found->second;
      const bool is_kept =
          candidate.uid == record.uid || (!candidate.error.empty() && !candidate.is_duplicate);
      if (is_kept) continue;
    }
    const bool is_deletion_disabled = provider != providers.end() && provider->is_deletion_disabled;
    LogInfo("provisioning",
            is_deletion_disabled ? "dashboard kept without its file" : "dashboard removed",
            {{"file", record.provisioned->path}, {"uid", record.uid}});
    NARTHEX_TRY(is_deletion_disabled ? store_.dashboards().Unprovision(record.id)
                                     : store_.dashboards().RemoveProvisioned(record.id));
  }
  return Ok();
}

Status Provisioner::ApplyDashboards() {
  const MutexLock lock(apply_mutex_);
  {
    const MutexLock state_lock(state_mutex_);
    provider_folders_.clear();
  }
  std::vector<FileState> provider_states;
  bool is_complete = true;
  const Providers providers = ReadProviders(provider_states, is_complete);
  std::vector<Candidate> candidates;
  for (const dashboard::Provider& provider : providers) Scan(provider, candidates, provider_states);

  NARTHEX_ASSIGN_OR_RETURN(auto records, store_.dashboards().Provisioned());
  std::map<std::pair<std::string, std::string>, const dashstore::DashboardRecord*> by_file;
  for (const auto& record : records)
    by_file[{record.provisioned->provider, record.provisioned->path}] = &record;
  for (Candidate& candidate : candidates) {
    if (candidate.is_folder_missing) continue;
    const auto record = by_file.find({candidate.provider->name, candidate.relative_path});
    if (record != by_file.end()) candidate.record = record->second;
    Read(candidate);
  }
  RefuseDuplicates(candidates);
  for (Candidate& candidate : candidates) {
    if (candidate.error.empty() && candidate.document.is_object()) NARTHEX_TRY(Apply(candidate));
  }
  NARTHEX_TRY(RemoveStale(candidates, providers, is_complete));

  std::vector<FileState> states;
  for (const Candidate& candidate : candidates) {
    if (candidate.is_folder_missing) continue;
    states.push_back({.kind = "dashboard",
                      .path = candidate.path,
                      .provider = candidate.provider->name,
                      .uid = candidate.uid,
                      .title = candidate.title,
                      .error = candidate.error,
                      .warnings = {}});
  }
  Publish("providers", std::move(provider_states));
  Publish("dashboard", std::move(states));
  return Ok();
}

}  // namespace narthex::dashapi
