// openapi.yaml: the description of the API for those who generate clients.
#include <fmt/format.h>

#include <iterator>

#include "endpoints.h"
#include "handlers.h"
#include "json/writer.h"

namespace narthex::api {
namespace {

enum class Edition { k31, k32 };

// In quotes as JSON has them, which YAML reads.
std::string Quoted(std::string_view text) {
  std::string quoted;
  json::Writer writer(quoted);
  writer.String(text);
  return quoted;
}

constexpr struct {
  std::string_view name;
  std::string_view summary;
  std::string_view description;
} kTags[] = {
    {"query", "Queries", "Evaluating expressions of PromQL."},
    {"series", "Series", "Which series there are."},
    {"labels", "Labels", "Names of labels and their values."},
    {"search", "Search", "Finding names and values by what they are like."},
    {"metadata", "Metadata", "Type, help and unit of metrics."},
    {"targets", "Targets", "What is scraped."},
    {"rules", "Rules", "Recording and alerting rules."},
    {"alerts", "Alerts", "Active alerts and where they are sent."},
    {"status", "Status", "The state of the server."},
    {"features", "Features", "What this server can do."},
    {"remote", "Remote storage", "Samples from other servers."},
    {"admin", "Administration", "Deleting samples, and snapshots."},
};

// The types of parameters and of `data`, and what errors look like.
constexpr std::string_view kComponents = R"(components:
  responses:
    Error:
      description: What went wrong.
      content:
        application/json:
          schema: {$ref: "#/components/schemas/Error"}
  schemas:
    Error:
      type: object
      required: [status, errorType, error]
      properties:
        status: {const: error}
        errorType:
          enum: [bad_data, execution, canceled, timeout, internal, not_found, unavailable]
        error: {type: string}
    Time:
      description: Unix seconds, or RFC 3339.
      oneOf: [{type: number}, {type: string, format: date-time}]
    Duration:
      description: Seconds, or a duration such as 1m30s.
      oneOf: [{type: number}, {type: string}]
    Text: {type: string}
    Texts: {type: array, items: {type: string}}
    Object: {type: object}
    Objects: {type: array, items: {type: object}}
    LabelSet: {type: object, additionalProperties: {type: string}}
    LabelSets: {type: array, items: {$ref: "#/components/schemas/LabelSet"}}
    Sample:
      description: Unix seconds, and the value as text.
      type: array
      prefixItems: [{type: number}, {type: string}]
    HistogramSample:
      description: Unix seconds, and a native histogram.
      type: array
      prefixItems: [{type: number}, {type: object}]
    Series:
      type: object
      required: [metric]
      properties:
        metric: {$ref: "#/components/schemas/LabelSet"}
        value: {$ref: "#/components/schemas/Sample"}
        histogram: {$ref: "#/components/schemas/HistogramSample"}
        values: {type: array, items: {$ref: "#/components/schemas/Sample"}}
        histograms: {type: array, items: {$ref: "#/components/schemas/HistogramSample"}}
    QueryResult:
      type: object
      required: [resultType, result]
      properties:
        resultType: {enum: [scalar, string, vector, matrix]}
        result:
          oneOf:
          - {$ref: "#/components/schemas/Sample"}
          - {type: array, items: {$ref: "#/components/schemas/Series"}}
        stats: {type: object}
    SeriesExemplars:
      type: array
      items:
        type: object
        properties:
          seriesLabels: {$ref: "#/components/schemas/LabelSet"}
          exemplars:
            type: array
            items:
              type: object
              properties:
                labels: {$ref: "#/components/schemas/LabelSet"}
                value: {type: string}
                timestamp: {type: number}
    SyntaxTree:
      type: object
      required: [type]
      properties: {type: {type: string}}
    Metadata:
      type: object
      additionalProperties:
        type: array
        items:
          type: object
          properties: {type: {type: string}, help: {type: string}, unit: {type: string}}
    Targets:
      type: object
      properties:
        activeTargets: {type: array, items: {type: object}}
        droppedTargets: {type: array, items: {type: object}}
        droppedTargetCounts: {type: [object, "null"], additionalProperties: {type: integer}}
    Features:
      type: object
      additionalProperties: {type: object, additionalProperties: {type: boolean}}
)";

std::string_view SchemaOf(ParameterType type) {
  switch (type) {
    case ParameterType::kTexts:
      return R"({$ref: "#/components/schemas/Texts"})";
    case ParameterType::kTime:
      return R"({$ref: "#/components/schemas/Time"})";
    case ParameterType::kDuration:
      return R"({$ref: "#/components/schemas/Duration"})";
    case ParameterType::kInteger:
      return "{type: integer}";
    case ParameterType::kNumber:
      return "{type: number}";
    case ParameterType::kBoolean:
      return "{type: boolean}";
    case ParameterType::kText:
      break;
  }
  return "{type: string}";
}

std::string_view BooleanText(bool flag) { return flag ? "true" : "false"; }

class Description {
 public:
  Description(Edition edition, const ApiOptions& options, const BuildFacts& build)
      : edition_(edition) {
    Add("openapi: {}\n", edition == Edition::k32 ? "3.2.0" : "3.1.0");
    Add("info:\n  title: {}\n  description: {}\n  version: {}\n", Quoted("Narthex API"),
        Quoted("The HTTP API of Prometheus, version 1, as this server has it."),
        Quoted(build.version));
    Add("servers:\n- url: {}\n", Quoted(fmt::format("{}://{}{}/api/v1", options.external_scheme,
                                                    options.external_host, options.external_path)));
    AddTags();
    Add("paths:\n");
    for (const Endpoint& endpoint : Endpoints()) AddEndpoint(endpoint);
    text_ += kComponents;
  }

  std::string Take() && { return std::move(text_); }

 private:
  template <typename... Args>
  void Add(fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(text_), format, std::forward<Args>(args)...);
  }

  void AddTags() {
    Add("tags:\n");
    for (const auto& tag : kTags) {
      Add("- name: {}\n  description: {}\n", tag.name, Quoted(tag.description));
      if (edition_ == Edition::k32) Add("  summary: {}\n", Quoted(tag.summary));
    }
  }

  void AddEndpoint(const Endpoint& endpoint) {
    Add("  {}:\n", endpoint.path);
    switch (endpoint.methods) {
      case EndpointMethods::kGet:
        return AddOperation(endpoint, "get", "");
      case EndpointMethods::kGetAndPost:
        AddOperation(endpoint, "get", "");
        return AddOperation(endpoint, "post", "-post");
      case EndpointMethods::kPost:
        return AddOperation(endpoint, "post", "");
      case EndpointMethods::kPostAndPut:
        AddOperation(endpoint, "post", "Post");
        return AddOperation(endpoint, "put", "Put");
    }
  }

  void AddOperation(const Endpoint& endpoint, std::string_view method, std::string_view suffix) {
    Add("    {}:\n      operationId: {}{}\n      summary: {}\n      tags: [{}]\n", method,
        endpoint.id, suffix, Quoted(endpoint.summary), endpoint.tag);
    if (!endpoint.parameters.empty()) {
      if (method == "get") {
        AddParameters(endpoint);
      } else {
        AddForm(endpoint);
      }
    }
    AddResponses(endpoint);
  }

  void AddParameters(const Endpoint& endpoint) {
    Add("      parameters:\n");
    for (const ParameterFacts& one : endpoint.parameters) {
      Add("      - name: {}\n        in: {}\n        required: {}\n        description: {}\n"
          "        schema: {}\n",
          Quoted(one.name), one.place == ParameterFacts::Place::kPath ? "path" : "query",
          BooleanText(one.need == ParameterFacts::Need::kRequired), Quoted(one.description),
          SchemaOf(one.type));
      if (one.type == ParameterType::kTexts) Add("        explode: true\n");
    }
  }

  void AddForm(const Endpoint& endpoint) {
    Add("      requestBody:\n        content:\n          application/x-www-form-urlencoded:\n"
        "            schema:\n              type: object\n");
    std::string required;
    for (const ParameterFacts& one : endpoint.parameters) {
      if (one.need != ParameterFacts::Need::kRequired) continue;
      required += (required.empty() ? "" : ", ") + Quoted(one.name);
    }
    if (!required.empty()) Add("              required: [{}]\n", required);
    Add("              properties:\n");
    for (const ParameterFacts& one : endpoint.parameters)
      Add("                {}: {}\n", Quoted(one.name), SchemaOf(one.type));
  }

  void AddResponses(const Endpoint& endpoint) {
    Add("      responses:\n");
    switch (endpoint.answer) {
      case AnswerKind::kNothing:
        Add("        \"204\": {{description: Done.}}\n");
        break;
      case AnswerKind::kDescription:
        Add("        \"200\":\n          description: YAML.\n          content:\n"
            "            application/yaml: {{schema: {{type: string}}}}\n");
        break;
      case AnswerKind::kLines:
        Add("        \"200\":\n          description: One JSON object a line.\n"
            "          content:\n            application/x-ndjson: {{{}: {{type: {}}}}}\n",
            edition_ == Edition::k32 ? "itemSchema" : "schema",
            edition_ == Edition::k32 ? "object" : "string");
        break;
      case AnswerKind::kEnvelope:
        AddEnvelope(endpoint.data);
        break;
    }
    Add("        default: {{$ref: \"#/components/responses/Error\"}}\n");
  }

  void AddEnvelope(std::string_view data) {
    Add("        \"200\":\n"
        "          description: The answer.\n"
        "          content:\n"
        "            application/json:\n"
        "              schema:\n"
        "                type: object\n"
        "                required: [status, data]\n"
        "                properties:\n"
        "                  status: {{const: success}}\n"
        "                  data: {{$ref: \"#/components/schemas/{}\"}}\n"
        "                  warnings: {{$ref: \"#/components/schemas/Texts\"}}\n"
        "                  infos: {{$ref: \"#/components/schemas/Texts\"}}\n",
        data);
  }

  const Edition edition_;
  std::string text_;
};

}  // namespace

void AddDescriptionRoute(Routes& routes, Backend& backend, const ApiOptions& options) {
  const BuildFacts build = backend.build();
  routes.Get("/openapi.yaml", [of_31 = Description(Edition::k31, options, build).Take(),
                               of_32 = Description(Edition::k32, options, build).Take()](
                                  const http::Request& request) {
    const std::string_view version = request.query.Get("openapi_version");
    http::Response response;
    response.body = version == "3.2" || version == "3.2.0" ? of_32 : of_31;
    response.headers.Set("Content-Type", "application/yaml; charset=utf-8");
    response.headers.Set("Cache-Control", "no-cache, no-store, must-revalidate");
    return response;
  });
}

}  // namespace narthex::api
