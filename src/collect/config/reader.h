// Reads the mappings of a configuration into structs: each key once, unknown keys refused.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "config/http_client_config.h"
#include "config/load.h"
#include "yaml/node.h"

namespace narthex::config {

// How one key is read. Faults of form (wrong type) are collected by the Reader; the Status is for
// values against a rule and ends the reading, as upstream's two kinds of errors do.
struct Field {
  std::string_view key;
  std::function<Status(const yaml::Node&)> read;
};

// One for each file. The fields it makes point to the variables they fill: they are used up at
// once. A null value gives the zero value of its type, as in upstream.
class Reader {
 public:
  Reader(std::string dir, const LoadOptions& options) : dir_(std::move(dir)), options_(options) {}

  const LoadOptions& options() const { return options_; }
  bool has_faults() const { return !faults_.empty(); }
  // "yaml: unmarshal errors:\n  line 3: ..." if there were faults.
  Status Faults() const;
  std::vector<std::string> TakeWarnings() { return std::move(warnings_); }

  // Reads a mapping; null reads as an empty one. `type` stands in the errors.
  Status Read(const yaml::Node& node, std::string_view type, const std::vector<Field>& fields);

  Field Text(std::string_view key, std::string& into);
  Field Password(std::string_view key, Secret& into);
  // A path, resolved against the file's folder.
  Field Path(std::string_view key, std::string& into);
  Field Flag(std::string_view key, bool& into);
  Field Count(std::string_view key, std::uint64_t& into);
  Field Fraction(std::string_view key, double& into);
  Field Duration(std::string_view key, std::chrono::milliseconds& into);
  Field Size(std::string_view key, std::uint64_t& into);
  Field Texts(std::string_view key, std::vector<std::string>& into);
  Field Paths(std::string_view key, std::vector<std::string>& into);
  Field TextMap(std::string_view key, std::map<std::string, std::string>& into);
  // A key that can be left out, or say yes or no.
  Field OptionalFlag(std::string_view key, std::optional<bool>& into);
  // Calls `read` for each element of a list; null is an empty list.
  Field Each(std::string_view key, std::function<Status(const yaml::Node&)> read);
  // A key that is known and has no effect here.
  Field Ignored(std::string_view key);
  // The same for a key whose value is checked all the same; whoever uses it is warned.
  Field WithoutEffect(Field field);

  void AddFault(yaml::Position position, std::string_view what);
  void AddWarning(yaml::Position position, std::string_view what);
  // "line 3: ..." becomes a fault; true if `status` was a success.
  bool TakeFault(const Status& status);
  std::string Resolve(const std::string& path) const;

 private:
  Status ReadDuration(const yaml::Node& node, std::chrono::milliseconds& into);

  const std::string dir_;
  const LoadOptions& options_;
  std::vector<std::string> faults_;
  std::vector<std::string> warnings_;
};

}  // namespace narthex::config
