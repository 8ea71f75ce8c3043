// targets/relabel_steps: what each rule makes of a target's labels.
#include "answer.h"
#include "encode.h"
#include "handlers.h"
#include "json/reader.h"
#include "model/relabel.h"

namespace narthex::api {
namespace {

struct Step {
  model::RelabelRule rule;
  model::LabelSet output;
  bool is_kept = false;
};

void WriteRule(json::Writer& writer, const model::RelabelConfig& config) {
  writer.BeginObject();
  if (!config.source_labels.empty()) {
    writer.Key("source_labels");
    writer.BeginArray();
    for (const std::string& label : config.source_labels) writer.String(label);
    writer.EndArray();
  }
  json::Field(writer, "separator", config.separator);
  json::Field(writer, "regex", config.regex);
  if (config.modulus != 0) {
    writer.Key("modulus");
    writer.Uint64(config.modulus);
  }
  if (!config.target_label.empty()) json::Field(writer, "target_label", config.target_label);
  json::Field(writer, "replacement", config.replacement);
  if (config.action) json::Field(writer, "action", model::RelabelActionText(*config.action));
  writer.EndObject();
}

// Errors: kInvalidArgument  no object of texts
Result<model::LabelSet> LabelsOf(std::string_view text) {
  Result<json::Value> object = json::Parse(text);
  if (!object.ok()) return std::move(object).error().Under("error parsing labels");
  std::vector<std::pair<std::string, std::string>> labels;
  for (const json::Member& member : object->members()) {
    if (!member.value.is_string()) object = json::Value();
    if (object->is_null()) break;
    labels.emplace_back(member.key, member.value.AsString());
  }
  if (!object->is_object()) {
    return Error{ErrorCode::kInvalidArgument,
                 "error parsing labels: not an object whose values are strings"};
  }
  return model::LabelSet::From(std::move(labels));
}

// Behind a rule that drops nothing is left, and no further rule is applied.
std::vector<Step> Apply(const std::vector<model::RelabelRule>& rules, model::LabelSet labels) {
  std::vector<Step> steps;
  bool is_kept = true;
  for (const model::RelabelRule& rule : rules) {
    if (is_kept) {
      model::LabelSetBuilder builder(labels);
      is_kept = rule.Apply(builder);
      labels = is_kept ? builder.Build() : model::LabelSet();
    }
    steps.push_back({rule, labels, is_kept});
  }
  return steps;
}

http::Response RelabelSteps(const Backend& backend, const http::Request& request) {
  const std::string_view job = request.query.Get("scrapePool");
  if (job.empty()) return Failure(ErrorType::kBadData, "no scrapePool parameter provided");
  const std::string_view text = request.query.Get("labels");
  if (text.empty()) return Failure(ErrorType::kBadData, "no labels parameter provided");
  Result<model::LabelSet> labels = LabelsOf(text);
  if (!labels.ok()) return Failure(ErrorType::kBadData, labels.error().message());
  Result<std::vector<model::RelabelRule>> rules = backend.relabel_rules(job);
  if (!rules.ok()) {
    return Failure(ErrorType::kBadData,
                   Error(rules.error()).Under("error retrieving scrape config").message());
  }
  return Success([steps = Apply(*rules, *std::move(labels))](json::Writer& writer) {
    writer.BeginObject();
    writer.Key("steps");
    writer.BeginArray();
    for (const Step& step : steps) {
      writer.BeginObject();
      writer.Key("rule");
      WriteRule(writer, step.rule.config());
      writer.Key("output");
      WriteLabels(writer, step.output);
      json::Field(writer, "keep", step.is_kept);
      writer.EndObject();
    }
    writer.EndArray();
    writer.EndObject();
  });
}

}  // namespace

void AddRelabelRoutes(Routes& routes, Backend& backend) {
  routes.Get("/targets/relabel_steps",
             [&backend](const http::Request& request) { return RelabelSteps(backend, request); });
}

}  // namespace narthex::api
