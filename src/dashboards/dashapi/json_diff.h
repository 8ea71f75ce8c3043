// What changed between two JSON documents.
#pragma once

#include <string>
#include <vector>

#include "json/value.h"

namespace narthex::dashapi {

// One change, in the words of RFC 6902.
struct JsonChange {
  enum class Kind { kAdd, kRemove, kReplace };
  Kind kind = Kind::kReplace;
  std::string path;    // JSON pointer: "/panels/0/title"
  json::Value before;  // null if added
  json::Value after;   // null if removed
};

// In the order of the documents; items of arrays are compared place by place. At most 10,000.
std::vector<JsonChange> Differences(const json::Value& before, const json::Value& after);

// [{"op":"replace","path":"/title","old":"a","value":"b"}]
std::string DifferencesAsJson(const std::vector<JsonChange>& changes);
// A list; everything from the documents is escaped.
std::string DifferencesAsHtml(const std::vector<JsonChange>& changes);

}  // namespace narthex::dashapi
