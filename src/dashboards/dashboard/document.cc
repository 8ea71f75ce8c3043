#include "dashboard/document.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

namespace narthex::dashboard {
namespace {

constexpr std::size_t kInputNameSizeMax = 256;
// Many places times a long value would be more than the memory holds; a data source's uid in
// 100,000 places is a quarter of this.
constexpr std::size_t kInputGrowthMax = 16u << 20;

bool IsAsciiAlnum(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

char ToLower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string_view Trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

std::size_t CountPanels(const json::Value& holder) {
  std::size_t count = 0;
  for (const json::Value& panel : holder["panels"].items()) {
    if (panel["type"].AsString() != "row") ++count;
    count += CountPanels(panel);
  }
  // Before schema 16 panels stood in rows.
  for (const json::Value& row : holder["rows"].items()) count += CountPanels(row);
  return count;
}

void CollectLibraryPanels(const json::Value& holder, std::set<std::string>& uids) {
  for (const json::Value& panel : holder["panels"].items()) {
    const std::string_view uid = panel["libraryPanel"]["uid"].AsString();
    if (!uid.empty() && uid.size() <= kUidSizeMax) uids.emplace(uid);
    CollectLibraryPanels(panel, uids);
  }
}

std::vector<std::string> Tags(const json::Value& document) {
  std::vector<std::string> tags;
  std::set<std::string_view> seen;
  for (const json::Value& tag : document["tags"].items()) {
    if (tag.AsString().empty()) continue;
    if (seen.insert(tag.AsString()).second) tags.emplace_back(tag.AsString());
  }
  return tags;
}

// Empty when what is put in is more than `budget`, which it is taken from.
std::optional<std::string> Substitute(std::string_view text, std::span<const ImportInput> inputs,
                                      std::size_t& budget) {
  std::string out;
  while (!text.empty()) {
    const std::size_t start = text.find("${");
    if (start == std::string_view::npos) break;
    // The window keeps a text of nothing but "${" from costing its length squared.
    const std::string_view window = text.substr(start + 2, kInputNameSizeMax + 1);
    const std::string_view name = window.substr(0, window.find('}'));
    const auto input = std::find_if(inputs.begin(), inputs.end(),
                                    [&](const ImportInput& i) { return i.name == name; });
    if (name.size() == window.size() || input == inputs.end()) {
      // Another variable, of the dashboard itself; what follows "${" may still hold an input.
      out.append(text.substr(0, start + 2));
      text.remove_prefix(start + 2);
      continue;
    }
    if (input->value.size() > budget) return std::nullopt;
    budget -= input->value.size();
    out.append(text.substr(0, start)).append(input->value);
    text.remove_prefix(start + 2 + name.size() + 1);
  }
  return out.append(text);
}

// False when the texts have grown by more than `budget`, which what was put in is taken from.
bool SubstituteAll(json::Value& value, std::span<const ImportInput> inputs, std::size_t& budget) {
  const auto all = [&](auto& entries, auto value_of) {
    return std::all_of(entries.begin(), entries.end(),
                       [&](auto& entry) { return SubstituteAll(value_of(entry), inputs, budget); });
  };
  if (value.is_string()) {
    std::optional<std::string> text = Substitute(value.AsString(), inputs, budget);
    if (!text) return false;
    value = json::Value(*std::move(text));
    return true;
  }
  if (auto* items = value.mutable_items()) {
    return all(*items, [](json::Value& item) -> json::Value& { return item; });
  }
  if (auto* members = value.mutable_members()) {
    return all(*members, [](json::Member& member) -> json::Value& { return member.value; });
  }
  return true;
}

}  // namespace

Status CheckUid(std::string_view uid) {
  if (uid.size() > kUidSizeMax) {
    return Error(ErrorCode::kInvalidArgument, "uid too long, max 40 characters");
  }
  for (const char c : uid) {
    if (!IsAsciiAlnum(c) && c != '-' && c != '_') {
      return Error(ErrorCode::kInvalidArgument, "uid contains illegal characters");
    }
  }
  return Ok();
}

Result<Summary> Summarise(const json::Value& document) {
  if (!document.is_object()) {
    return Error(ErrorCode::kInvalidArgument,
                 fmt::format("a dashboard must be a JSON object, not {} {}",
                             document.is_array() ? "an" : "a", json::KindName(document.kind())));
  }
  if (document["apiVersion"].is_string() && document["kind"].is_string() && document.Find("spec")) {
    return Error(
        ErrorCode::kUnsupported,
        fmt::format("resource of {} is not supported; export the dashboard in the classic form",
                    document["apiVersion"].AsString()));
  }
  Summary summary;
  summary.title = Trim(document["title"].AsString());
  if (summary.title.empty())
    return Error(ErrorCode::kInvalidArgument, "Dashboard title cannot be empty");
  if (summary.title.size() > kTitleSizeMax) {
    return Error(ErrorCode::kInvalidArgument,
                 "Dashboard title cannot contain more than 5000 characters");
  }
  summary.uid = document["uid"].AsString();
  NARTHEX_TRY(CheckUid(summary.uid));

  summary.tags = Tags(document);
  std::set<std::string> library_panels;
  CollectLibraryPanels(document, library_panels);
  summary.library_panels.assign(library_panels.begin(), library_panels.end());
  summary.refresh = document["refresh"].AsString();
  summary.id = document["id"].AsInt64().value_or(0);
  summary.version = document["version"].AsInt64().value_or(0);
  summary.schema_version = document["schemaVersion"].AsInt64().value_or(0);
  summary.panel_count = CountPanels(document);
  return summary;
}

std::string Slug(std::string_view title) {
  std::string slug;
  for (const char c : title) {
    if (IsAsciiAlnum(c) || c == '_') {
      slug.push_back(ToLower(c));
    } else if (!slug.empty() && slug.back() != '-') {
      slug.push_back('-');
    }
  }
  while (!slug.empty() && slug.back() == '-') slug.pop_back();
  return slug.empty() ? "dashboard" : slug;
}

Result<json::Value> ApplyInputs(json::Value document, std::span<const ImportInput> inputs) {
  std::vector<ImportInput> wanted;
  for (const json::Value& entry : document["__inputs"].items()) {
    const std::string_view name = entry["name"].AsString();
    const std::string_view type = entry["type"].AsString();
    if (name.empty()) continue;
    const auto given = std::find_if(inputs.begin(), inputs.end(), [&](const ImportInput& input) {
      return (input.name == name || input.name == "*") && input.type == type;
    });
    if (given != inputs.end()) {
      wanted.push_back({std::string(name), std::string(type), given->value});
    } else if (entry["pluginId"].AsString() == "__expr__") {
      wanted.push_back({std::string(name), std::string(type), "__expr__"});
    } else if (type == "constant") {
      wanted.push_back(
          {std::string(name), std::string(type), std::string(entry["value"].AsString())});
    } else {
      return Error(ErrorCode::kInvalidArgument,
                   fmt::format("Dashboard input variable: {} missing from import command", name));
    }
  }
  document.Erase("__inputs");
  document.Erase("__requires");
  std::size_t budget = kInputGrowthMax;
  if (!SubstituteAll(document, wanted, budget)) {
    return Error(ErrorCode::kResourceExhausted, "the inputs make the dashboard too large");
  }
  return document;
}

}  // namespace narthex::dashboard
