// What the back end has to know of a dashboard document, and what it refuses.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "json/value.h"

namespace narthex::dashboard {

inline constexpr std::size_t kUidSizeMax = 40;
inline constexpr std::size_t kTitleSizeMax = 5000;

struct Summary {
  std::string uid;  // empty if the document has none
  std::string title;
  std::vector<std::string> tags;  // in their order, none twice
  std::vector<std::string> library_panels;  // uids of the library panels it shows, none twice
  std::string refresh;
  std::int64_t id = 0;       // 0 if absent or null
  std::int64_t version = 0;  // 0 if absent
  std::int64_t schema_version = 0;
  std::size_t panel_count = 0;  // rows not counted, panels inside collapsed rows counted
};

// Errors: kInvalidArgument  no object, no title, a title or uid that is too long, a uid with other
//                           characters than letters, digits, '-' and '_'; the message is the one
//                           clients of Grafana's API expect
//         kUnsupported      a resource of the newer `apiVersion`/`kind`/`spec` form
// Source: Grafana HTTP API, "Create / Update dashboard".
Result<Summary> Summarise(const json::Value& document);

// Letters, digits, '-' and '_', at most kUidSizeMax; the empty uid is valid and means "choose one".
Status CheckUid(std::string_view uid);

// The address form of a title: lower case, everything but letters, digits, '_' as single '-'.
// Titles without any ASCII letter or digit give "dashboard".
std::string Slug(std::string_view title);

// One value for one of the document's `__inputs`.
struct ImportInput {
  std::string name;
  std::string type;
  std::string value;
};

// Replaces `${NAME}` in every string (never in keys) by the value of the input NAME and drops
// `__inputs` and `__requires`.
//
// Errors: kInvalidArgument    an entry of `__inputs` without a value in `inputs`
//         kResourceExhausted  the values, in all their places, take more than 16 MiB
Result<json::Value> ApplyInputs(json::Value document, std::span<const ImportInput> inputs);

}  // namespace narthex::dashboard
