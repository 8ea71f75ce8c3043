#include "dashapi/settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "dashboard/expander.h"
#include "ini_file.h"
#include "io/file_system.h"
#include "setting_table.h"

namespace narthex::dashapi {
namespace {

constexpr std::size_t kFileSizeMax = 1u << 20;
constexpr std::string_view kPrefix = "GF_";
constexpr std::string_view kFileSuffix = "__FILE";
constexpr std::string_view kMask = "*********";
constexpr std::string_view kNoMeaning = "has no meaning here and is ignored";

bool IsSecret(std::string_view key) { return key.ends_with("password") || key.ends_with("secret"); }

Result<std::string> ReadTrimmed(std::string_view path) {
  NARTHEX_ASSIGN_OR_RETURN(std::string text, io::ReadFile(io::SystemFiles(), path, kFileSizeMax));
  while (!text.empty() && std::string_view(" \t\r\n").find(text.back()) != std::string_view::npos)
    text.pop_back();
  return text;
}

// Ways to sign in that Grafana has and this service has not.
constexpr std::string_view kAbsentSignIns[] = {"ldap",   "saml",    "github", "gitlab",
                                               "google", "azuread", "okta",   "grafana_com"};

bool IsAbsentSignIn(std::string_view way) {
  return std::find(std::begin(kAbsentSignIns), std::end(kAbsentSignIns), way) !=
         std::end(kAbsentSignIns);
}

std::string AbsentSignIn(std::string_view way) {
  return fmt::format("sign-in through {} is not supported, nobody can sign in that way", way);
}

// What is left out although the rest of its section counts.
struct LeftOut {
  std::string_view section;
  std::string_view key;
  std::string_view why;
};
constexpr LeftOut kLeftOut[] = {
    {"auth.jwt", "groups_attribute_path",
     "has no effect: teams are not brought in line with groups, as in Grafana without a licence"},
};

// GF_AUTH_ANONYMOUS_ENABLED of auth.anonymous and enabled.
std::string VariableName(std::string_view section, std::string_view key) {
  std::string name = fmt::format("GF_{}_{}", section.empty() ? "DEFAULT" : section, key);
  for (char& c : name) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (c == '.' || c == '-') c = '_';
  }
  return name;
}

const SettingEntry* FindEntry(std::string_view section, std::string_view key) {
  for (const SettingEntry& entry : SettingTable()) {
    if (entry.section == section && entry.key == key) return &entry;
  }
  return nullptr;
}

class Loader {
 public:
  explicit Loader(const SettingsSources& sources) : sources_(sources) {}

  Result<Settings> Load() {
    if (sources_.config_path) NARTHEX_TRY(ApplyFile(*sources_.config_path));
    NARTHEX_TRY(ApplyEnvironment());
    NARTHEX_TRY(ApplyOverrides());
    Settings& settings = draft_.settings;
    settings.options.listen_addresses = {fmt::format("{}:{}", draft_.http_addr, draft_.http_port)};
    settings.options.root_url = ExpandRootUrl();
    settings.options.cert_file = Absolute(settings.options.cert_file);
    settings.options.cert_key_file = Absolute(settings.options.cert_key_file);
    settings.options.data_folder = Absolute(settings.options.data_folder);
    JwtOptions& jwt = settings.options.jwt;
    for (std::string* path :
         {&jwt.key_file, &jwt.jwk_set_file, &jwt.jwk_set_bearer_token_file, &jwt.tls_ca_file}) {
      *path = Absolute(*path);
    }
    settings.options.provisioning_folder = Absolute(settings.options.provisioning_folder);
    for (const SettingEntry& entry : SettingTable()) {
      shown_.try_emplace(
          {entry.section, entry.key},
          ShownSetting{std::string(entry.section), std::string(entry.key),
                       Shown(entry, DefaultOf(entry.section, entry.key)), "default"});
    }
    std::vector<ShownSetting>& all = settings.options.shown_settings;
    for (auto& [name, shown] : shown_) all.push_back(std::move(shown));
    all.insert(all.end(), ignored_.begin(), ignored_.end());
    std::stable_sort(all.begin(), all.end(), [](const ShownSetting& a, const ShownSetting& b) {
      return std::tie(a.section, a.key) < std::tie(b.section, b.key);
    });
    settings.options.environment =
        [environment = sources_.environment](std::string_view name) -> std::optional<std::string> {
      const auto found = environment.find(std::string(name));
      return found == environment.end() ? std::nullopt : std::optional(found->second);
    };
    return std::move(settings);
  }

 private:
  static std::string Shown(const SettingEntry& entry, std::string_view value) {
    return std::string(IsSecret(entry.key) && !value.empty() ? kMask : value);
  }

  Status Apply(const SettingEntry& entry, std::string_view value, std::string_view source) {
    Status status = entry.apply(draft_, value);
    if (status.ok()) {
      shown_[{entry.section, entry.key}] = {std::string(entry.section), std::string(entry.key),
                                            Shown(entry, value), std::string(source)};
      return status;
    }
    return std::move(status).error().Under(
        fmt::format("{}: [{}] {}", source, entry.section, entry.key));
  }

  void Warn(std::string_view section, std::string_view key, std::string_view source) {
    if (IsHarmless(section, key)) return;
    // Whoever configures a way to sign in relies on it.
    if (section.starts_with("auth.") && IsAbsentSignIn(section.substr(5))) {
      const std::string why = AbsentSignIn(section.substr(5));
      draft_.settings.warnings.push_back(fmt::format("{}: [{}] {}: {}", source, section, key, why));
      ShowIgnored(section, key, source, why);
      return;
    }
    std::string_view why = kNoMeaning;
    for (const LeftOut& left_out : kLeftOut) {
      if (left_out.section == section && left_out.key == key) why = left_out.why;
    }
    draft_.settings.warnings.push_back(
        fmt::format("{}: the setting [{}] {} {}", source, section, key, why));
    ShowIgnored(section, key, source, why);
  }

  // The settings page says it too. Without the value, which may be a secret that nobody here knows.
  void ShowIgnored(std::string_view section, std::string_view key, std::string_view source,
                   std::string_view why) {
    ignored_.push_back({std::string(section), std::string(key), std::string(),
                        fmt::format("{}: {}", source, why)});
  }

  Status ApplyFile(const std::string& path) {
    Result<std::string> text = io::ReadFile(io::SystemFiles(), path, kFileSizeMax);
    if (!text.ok()) return std::move(text).error();
    Result<std::vector<IniEntry>> entries = ParseIni(*text);
    if (!entries.ok()) return std::move(entries).error().Under(path);
    const dashboard::VariableSource variables = {
        [this](std::string_view name) -> std::optional<std::string> {
          const auto found = sources_.environment.find(std::string(name));
          return found == sources_.environment.end() ? std::nullopt : std::optional(found->second);
        },
        [](std::string_view file) { return ReadTrimmed(file); }};
    for (const IniEntry& line : *entries) {
      const std::string source = fmt::format("{}: line {}", path, line.line);
      const SettingEntry* entry = FindEntry(line.section, line.key);
      if (entry == nullptr) {
        Warn(line.section, line.key, source);
        continue;
      }
      // A password may hold a dollar sign; only the marked forms are variables here.
      const bool is_marked =
          line.value.find("$__") != std::string::npos || line.value.find("${") != std::string::npos;
      Result<std::string> value =
          is_marked ? dashboard::Expand(line.value, variables) : Result<std::string>(line.value);
      if (!value.ok()) return std::move(value).error().Under(source);
      NARTHEX_TRY(Apply(*entry, *value, source));
    }
    return Ok();
  }

  Status ApplyEnvironment() {
    std::set<std::string> known;
    for (const SettingEntry& entry : SettingTable()) {
      const std::string name = VariableName(entry.section, entry.key);
      const std::string file_name = name + std::string(kFileSuffix);
      known.insert(name);
      known.insert(file_name);
      const auto& environment = sources_.environment;
      if (const auto file = environment.find(file_name); file != environment.end()) {
        Result<std::string> value = ReadTrimmed(file->second);
        if (!value.ok()) return std::move(value).error().Under(file_name);
        NARTHEX_TRY(Apply(entry, *value, file_name));
      }
      if (const auto found = environment.find(name); found != environment.end()) {
        NARTHEX_TRY(Apply(entry, found->second, name));
      }
    }
    for (const auto& [name, value] : sources_.environment) {
      if (!name.starts_with(kPrefix) || known.count(name) > 0 || IsHarmlessVariable(name)) continue;
      const std::string_view way = AbsentSignInOfVariable(name);
      if (way.empty()) {
        std::string_view why = kNoMeaning;
        for (const LeftOut& left_out : kLeftOut) {
          if (VariableName(left_out.section, left_out.key) == name) why = left_out.why;
        }
        draft_.settings.warnings.push_back(fmt::format("the variable {} {}", name, why));
        ShowIgnored("", name, "environment", why);
      } else {
        draft_.settings.warnings.push_back(
            fmt::format("the variable {}: {}", name, AbsentSignIn(way)));
        ShowIgnored(fmt::format("auth.{}", way), name, "environment", AbsentSignIn(way));
      }
    }
    return Ok();
  }

  static bool IsHarmlessVariable(const std::string& name) {
    for (const std::string_view section : {"paths", "log", "users", "analytics", "", "server"}) {
      const std::string prefix = VariableName(section, "");
      if (!name.starts_with(prefix)) continue;
      std::string key = name.substr(prefix.size());
      for (char& c : key) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
      }
      if (IsHarmless(section, key)) return true;
    }
    return false;
  }

  // "ldap" of GF_AUTH_LDAP_ENABLED; empty if it is about something else.
  static std::string_view AbsentSignInOfVariable(const std::string& name) {
    for (const std::string_view way : kAbsentSignIns) {
      if (name.starts_with(VariableName(fmt::format("auth.{}", way), ""))) return way;
    }
    return {};
  }

  Status ApplyOverrides() {
    for (const auto& [name, value] : sources_.overrides) {
      const std::size_t dot = name.rfind('.');
      const std::string_view section =
          dot == std::string::npos ? std::string_view() : std::string_view(name).substr(0, dot);
      const std::string_view key = dot == std::string::npos
                                       ? std::string_view(name)
                                       : std::string_view(name).substr(dot + 1);
      const SettingEntry* entry = FindEntry(section, key);
      if (entry == nullptr) {
        Warn(section, key, "command line");
      } else {
        NARTHEX_TRY(Apply(*entry, value, "command line"));
      }
    }
    return Ok();
  }

  // Grafana's files write the address as `%(protocol)s://%(domain)s:%(http_port)s/`: references to
  // what the section's other settings are in the end.
  std::string ExpandRootUrl() const {
    const DashboardsOptions& options = draft_.settings.options;
    const std::pair<std::string_view, std::string_view> references[] = {
        {"%(protocol)s", options.is_https ? "https" : "http"},
        {"%(domain)s", draft_.domain},
        {"%(http_port)s", draft_.http_port},
        {"%(http_addr)s", draft_.http_addr}};
    std::string url = options.root_url;
    for (const auto& [name, value] : references) {
      for (std::size_t at = url.find(name); at != std::string::npos;
           at = url.find(name, at + value.size())) {
        url.replace(at, name.size(), value);
      }
    }
    return url;
  }

  std::string Absolute(const std::string& path) const {
    if (path.empty() || path.starts_with('/') || sources_.home_folder.empty()) return path;
    return io::JoinPath(sources_.home_folder, path);
  }

  const SettingsSources& sources_;
  SettingsDraft draft_;
  std::vector<ShownSetting> ignored_;
  std::map<std::pair<std::string_view, std::string_view>, ShownSetting> shown_;
};

}  // namespace

Result<Settings> LoadSettings(const SettingsSources& sources) { return Loader(sources).Load(); }

}  // namespace narthex::dashapi
