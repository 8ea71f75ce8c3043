// What /api/v1 has: the data of its description.
#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace narthex::api {

enum class ParameterType { kText, kTexts, kTime, kDuration, kInteger, kNumber, kBoolean };

struct ParameterFacts {
  std::string_view name;
  ParameterType type = ParameterType::kText;
  std::string_view description;
  enum class Need { kOptional, kRequired } need = Need::kOptional;
  enum class Place { kQuery, kPath } place = Place::kQuery;
};

enum class EndpointMethods { kGet, kGetAndPost, kPost, kPostAndPut };

enum class AnswerKind {
  kEnvelope,     // {"status":"success","data":...}, of the type `data`
  kNothing,      // 204
  kLines,        // one JSON object a line
  kDescription,  // YAML
};

struct Endpoint {
  std::string_view path;  // below /api/v1, as a description has it: /label/{name}/values
  std::string_view id;    // as upstream names the operation, where it has one
  std::string_view tag;
  std::string_view summary;
  EndpointMethods methods = EndpointMethods::kGet;
  std::vector<ParameterFacts> parameters = {};
  AnswerKind answer = AnswerKind::kEnvelope;
  std::string_view data = {};  // a name among the schemas of the description
};

// All that is registered, in the order of the description.
// Source: spec 5.2.
std::span<const Endpoint> Endpoints();

}  // namespace narthex::api
