#include "reader.h"

#include <fmt/format.h>

#include <filesystem>
#include <set>

#include "config/size.h"
#include "model/duration.h"

namespace narthex::config {

Status Reader::Faults() const {
  if (faults_.empty()) return Ok();
  std::string text = "yaml: unmarshal errors:";
  for (const std::string& fault : faults_) text += "\n  " + fault;
  return Error{ErrorCode::kInvalidArgument, std::move(text)};
}

void Reader::AddFault(yaml::Position position, std::string_view what) {
  // A file of the wrong kind has a fault in every line; the first ones tell.
  constexpr std::size_t kFaultCountMax = 20;
  if (faults_.size() < kFaultCountMax)
    faults_.push_back(fmt::format("line {}: {}", position.line, what));
}

void Reader::AddWarning(yaml::Position position, std::string_view what) {
  warnings_.push_back(fmt::format("line {}: {}", position.line, what));
}

bool Reader::TakeFault(const Status& status) {
  if (status.ok()) return true;
  faults_.push_back(status.error().message());
  return false;
}

std::string Reader::Resolve(const std::string& path) const {
  if (path.empty() || std::filesystem::path(path).is_absolute()) return path;
  return (std::filesystem::path(dir_) / path).lexically_normal().string();
}

Status Reader::Read(const yaml::Node& node, std::string_view type,
                    const std::vector<Field>& fields) {
  if (node.is_null()) return Ok();
  if (!node.is_mapping()) {
    AddFault(node.position(),
             fmt::format("cannot unmarshal {} into {}",
                         node.is_sequence() ? "!!seq"
                                            : fmt::format("!!str `{}`", node.text().substr(0, 10)),
                         type));
    return Ok();
  }
  std::set<std::string_view> seen;
  for (const yaml::Member& member : node.members()) {
    const auto field = std::find_if(fields.begin(), fields.end(),
                                    [&](const Field& f) { return f.key == member.key; });
    if (field == fields.end()) {
      AddFault(member.position, fmt::format("field {} not found in type {}", member.key, type));
    } else if (!seen.insert(member.key).second) {
      AddFault(member.position, fmt::format("field {} already set in type {}", member.key, type));
    } else {
      NARTHEX_TRY(field->read(member.value));
    }
  }
  return Ok();
}

Field Reader::Text(std::string_view key, std::string& into) {
  return {key, [this, &into](const yaml::Node& node) -> Status {
            into.clear();
            if (node.is_null()) return Ok();
            Result<std::string> value = yaml::AsString(node);
            if (!value.ok()) {
              TakeFault(value.error());
            } else {
              into = *std::move(value);
            }
            return Ok();
          }};
}

Field Reader::Password(std::string_view key, Secret& into) {
  return {key, [this, &into](const yaml::Node& node) -> Status {
            if (node.is_sequence() || node.is_mapping()) {
              // The common message would show part of the value.
              AddFault(node.position(), "cannot unmarshal a secret: not a string");
              return Ok();
            }
            into = Secret(node.text());
            return Ok();
          }};
}

Field Reader::Path(std::string_view key, std::string& into) {
  Field text = Text(key, into);
  return {key, [this, &into, read = std::move(text.read)](const yaml::Node& node) -> Status {
            NARTHEX_TRY(read(node));
            into = Resolve(into);
            return Ok();
          }};
}

Field Reader::Flag(std::string_view key, bool& into) {
  return {key, [this, &into](const yaml::Node& node) -> Status {
            into = false;
            if (node.is_null()) return Ok();
            const Result<bool> value = yaml::AsBool(node);
            if (!value.ok()) {
              TakeFault(value.error());
            } else {
              into = *value;
            }
            return Ok();
          }};
}

Field Reader::OptionalFlag(std::string_view key, std::optional<bool>& into) {
  return {key, [this, key, &into](const yaml::Node& node) -> Status {
            into.reset();
            return node.is_null() ? Ok() : Flag(key, into.emplace()).read(node);
          }};
}

Field Reader::Count(std::string_view key, std::uint64_t& into) {
  return {key, [this, &into](const yaml::Node& node) -> Status {
            into = 0;
            if (node.is_null()) return Ok();
            const Result<std::uint64_t> value = yaml::AsUint64(node);
            if (!value.ok()) {
              TakeFault(value.error());
            } else {
              into = *value;
            }
            return Ok();
          }};
}

Field Reader::Fraction(std::string_view key, double& into) {
  return {key, [this, &into](const yaml::Node& node) -> Status {
            into = 0;
            if (node.is_null()) return Ok();
            const Result<double> value = yaml::AsDouble(node);
            if (!value.ok()) {
              TakeFault(value.error());
            } else {
              into = *value;
            }
            return Ok();
          }};
}

Status Reader::ReadDuration(const yaml::Node& node, std::chrono::milliseconds& into) {
  into = std::chrono::milliseconds(0);
  if (node.is_null()) return Ok();
  const Result<std::string> text = yaml::AsString(node);
  if (!text.ok()) {
    TakeFault(text.error());
    return Ok();
  }
  NARTHEX_ASSIGN_OR_RETURN(into, model::ParseDuration(*text));
  return Ok();
}

Field Reader::Duration(std::string_view key, std::chrono::milliseconds& into) {
  return {key, [this, &into](const yaml::Node& node) { return ReadDuration(node, into); }};
}

Field Reader::Size(std::string_view key, std::uint64_t& into) {
  return {key, [this, &into](const yaml::Node& node) -> Status {
            into = 0;
            if (node.is_null()) return Ok();
            const Result<std::string> text = yaml::AsString(node);
            if (!text.ok()) {
              TakeFault(text.error());
              return Ok();
            }
            NARTHEX_ASSIGN_OR_RETURN(into, ParseSize(*text));
            return Ok();
          }};
}

Field Reader::Each(std::string_view key, std::function<Status(const yaml::Node&)> read) {
  return {key, [this, read = std::move(read)](const yaml::Node& node) -> Status {
            if (node.is_null()) return Ok();
            if (!node.is_sequence()) {
              AddFault(node.position(), node.is_mapping()
                                            ? "cannot unmarshal !!map into a list"
                                            : fmt::format("cannot unmarshal !!str `{}` into a list",
                                                          node.text().substr(0, 10)));
              return Ok();
            }
            for (const yaml::Node& item : node.items()) NARTHEX_TRY(read(item));
            return Ok();
          }};
}

Field Reader::Texts(std::string_view key, std::vector<std::string>& into) {
  return Each(key, [this, &into](const yaml::Node& item) -> Status {
    if (item.is_null()) {
      into.emplace_back();
      return Ok();
    }
    Result<std::string> text = yaml::AsString(item);
    if (!text.ok()) {
      TakeFault(text.error());
    } else {
      into.push_back(*std::move(text));
    }
    return Ok();
  });
}

Field Reader::Paths(std::string_view key, std::vector<std::string>& into) {
  Field texts = Texts(key, into);
  return {key, [this, &into, read = std::move(texts.read)](const yaml::Node& node) -> Status {
            NARTHEX_TRY(read(node));
            for (std::string& path : into) path = Resolve(path);
            return Ok();
          }};
}

Field Reader::TextMap(std::string_view key, std::map<std::string, std::string>& into) {
  return {key, [this, &into](const yaml::Node& node) -> Status {
            if (node.is_null()) return Ok();
            if (!node.is_mapping()) {
              AddFault(node.position(), "cannot unmarshal into a map");
              return Ok();
            }
            for (const yaml::Member& member : node.members()) {
              if (into.contains(member.key)) {
                AddFault(member.position, fmt::format("key \"{}\" already set in map", member.key));
                continue;
              }
              std::string& value = into[member.key];
              NARTHEX_TRY(Text(member.key, value).read(member.value));
            }
            return Ok();
          }};
}

Field Reader::Ignored(std::string_view key) {
  return {key, [](const yaml::Node&) { return Ok(); }};
}

Field Reader::WithoutEffect(Field field) {
  return {field.key, [this, field](const yaml::Node& node) {
            AddWarning(node.position(),
                       fmt::format("{} is not supported yet and has no effect", field.key));
            return field.read(node);
          }};
}

}  // namespace narthex::config
