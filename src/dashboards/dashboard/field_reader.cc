#include "field_reader.h"

#include <fmt/format.h>

namespace narthex::dashboard {
namespace {

// "line 3: " is the prefix of the YAML layer's errors; ours names the key after it.
std::string_view WithoutLine(std::string_view message) {
  const std::size_t colon = message.find(": ");
  return message.starts_with("line ") && colon != std::string_view::npos ? message.substr(colon + 2)
                                                                         : message;
}

}  // namespace

FieldReader::FieldReader(const yaml::Node& mapping, std::string path, const VariableSource& source)
    : mapping_(mapping), path_(std::move(path)), source_(source) {
  if (!mapping_.is_mapping()) Fail("", mapping_.line(), "expected a mapping of keys and values");
}

void FieldReader::Fail(std::string_view key, int line, std::string_view what) {
  if (!status_.ok()) return;
  std::string place = path_;
  if (!place.empty() && !key.empty()) place.push_back('.');
  place.append(key);
  if (!place.empty()) place.append(": ");
  status_ = Error(ErrorCode::kInvalidArgument, fmt::format("line {}: {}{}", line, place, what));
}

const yaml::Node* FieldReader::Take(std::string_view key) {
  known_.insert(std::string(key));
  if (!status_.ok()) return nullptr;
  const yaml::Node* node = mapping_.Find(key);
  return node == nullptr || node->is_null() ? nullptr : node;
}

std::string FieldReader::Expanded(const yaml::Node& node, std::string_view key) {
  Result<std::string> text = Expand(node.text(), source_);
  if (text.ok()) return std::move(text).value();
  Fail(key, node.line(), text.error().message());
  return {};
}

const yaml::Node* FieldReader::Scalar(std::string_view key) {
  const yaml::Node* node = Take(key);
  if (node == nullptr) return nullptr;
  if (!node->is_scalar()) {
    Fail(key, node->line(), "expected a single value");
    return nullptr;
  }
  // Quotes do not make a string of a switch or number: "$PORT" must be writable.
  scalar_ = yaml::Node::Scalar(Expanded(*node, key), false, node->position());
  return !status_.ok() || scalar_.text().empty() ? nullptr : &scalar_;
}

std::string FieldReader::String(std::string_view key, std::string otherwise) {
  const yaml::Node* node = Scalar(key);
  return node == nullptr ? std::move(otherwise) : node->text();
}

bool FieldReader::Bool(std::string_view key, bool otherwise) {
  const yaml::Node* node = Scalar(key);
  if (node == nullptr) return otherwise;
  const Result<bool> flag = yaml::AsBool(*node);
  if (flag.ok()) return *flag;
  Fail(key, node->line(), WithoutLine(flag.error().message()));
  return otherwise;
}

std::int64_t FieldReader::Int(std::string_view key, std::int64_t otherwise) {
  const yaml::Node* node = Scalar(key);
  if (node == nullptr) return otherwise;
  const Result<std::int64_t> number = yaml::AsInt64(*node);
  if (number.ok()) return *number;
  Fail(key, node->line(), WithoutLine(number.error().message()));
  return otherwise;
}

std::span<const yaml::Node> FieldReader::Sequence(std::string_view key) {
  const yaml::Node* node = Take(key);
  if (node == nullptr) return {};
  if (!node->is_sequence()) {
    Fail(key, node->line(), "expected a list");
    return {};
  }
  return node->items();
}

const yaml::Node* FieldReader::Mapping(std::string_view key) {
  const yaml::Node* node = Take(key);
  if (node == nullptr || node->is_mapping()) return node;
  Fail(key, node->line(), "expected a mapping of keys and values");
  return nullptr;
}

json::Value FieldReader::Tree(std::string_view key) {
  const yaml::Node* node = Mapping(key);
  return node == nullptr ? json::Value::MakeObject() : ToJson(*node, std::string(key));
}

json::Value FieldReader::ToJson(const yaml::Node& node, const std::string& path) {
  switch (node.kind()) {
    case yaml::NodeKind::kNull:
      return json::Value();
    case yaml::NodeKind::kScalar:
      break;
    case yaml::NodeKind::kSequence: {
      json::Value array = json::Value::MakeArray();
      for (const yaml::Node& item : node.items()) {
        array.Append(ToJson(item, fmt::format("{}[{}]", path, array.size())));
      }
      return array;
    }
    case yaml::NodeKind::kMapping: {
      json::Value object = json::Value::MakeObject();
      for (const yaml::Member& member : node.members()) {
        object.Set(member.key, ToJson(member.value, path + "." + member.key));
      }
      return object;
    }
  }
  // Here, other than in the fields above, what was written decides the type: a variable gives a
  // string.
  if (node.is_quoted() || node.text().find('$') != std::string::npos) {
    return json::Value(Expanded(node, path));
  }
  if (!yaml::IsTypedPlain(node.text())) return json::Value(node.text());
  if (const auto flag = yaml::AsBool(node); flag.ok()) return json::Value(*flag);
  if (const auto whole = yaml::AsInt64(node); whole.ok()) return json::Value(*whole);
  if (const auto real = yaml::AsDouble(node); real.ok()) return json::Value(*real);
  return json::Value(node.text());
}

void FieldReader::WarnUnknown(std::vector<std::string>& warnings) const {
  for (const yaml::Member& member : mapping_.members()) {
    if (known_.count(member.key) > 0) continue;
    warnings.push_back(fmt::format("line {}: {}{}{}: key has no meaning and is ignored",
                                   member.position.line, path_, path_.empty() ? "" : ".",
                                   member.key));
  }
}

}  // namespace narthex::dashboard
