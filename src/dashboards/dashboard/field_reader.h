// Reads the members of a YAML mapping by name and type, and remembers the first fault.
#pragma once

#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "dashboard/expander.h"
#include "json/value.h"
#include "yaml/node.h"

namespace narthex::dashboard {

// Getters give the default after a fault, so that a reader is written straight down and asks
// status() once. Not thread-safe; node and source must outlive it.
class FieldReader {
 public:
  // `path` is the mapping's own place for messages, "datasources[0]".
  FieldReader(const yaml::Node& mapping, std::string path, const VariableSource& source);

  std::string String(std::string_view key, std::string otherwise = {});
  bool Bool(std::string_view key, bool otherwise);
  std::int64_t Int(std::string_view key, std::int64_t otherwise);
  // A mapping with all that is in it, strings expanded; an empty object if absent.
  json::Value Tree(std::string_view key);
  // The elements of a sequence; none if absent.
  std::span<const yaml::Node> Sequence(std::string_view key);
  // A mapping of its own; the null pointer if absent.
  const yaml::Node* Mapping(std::string_view key);
  // A key that is known and has no meaning here.
  void Ignore(std::string_view key) { known_.insert(std::string(key)); }

  const Status& status() const { return status_; }
  int line() const { return mapping_.line(); }
  // Records a fault found by the caller.
  void Fail(std::string_view key, int line, std::string_view what);
  // "line 3: datasources[0].colour: unknown key" for each key that nobody asked for.
  void WarnUnknown(std::vector<std::string>& warnings) const;

 private:
  const yaml::Node* Take(std::string_view key);
  // The scalar with its variables expanded; null pointer if absent or empty.
  const yaml::Node* Scalar(std::string_view key);
  json::Value ToJson(const yaml::Node& node, const std::string& path);
  std::string Expanded(const yaml::Node& node, std::string_view key);

  const yaml::Node& mapping_;
  const std::string path_;
  const VariableSource& source_;
  std::set<std::string> known_;
  yaml::Node scalar_;
  Status status_;
};

}  // namespace narthex::dashboard
