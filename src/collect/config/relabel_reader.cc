// Entries of relabel_configs and its like.
#include <fmt/format.h>

#include "sections.h"

namespace narthex::config {

Status ReadRelabel(Reader& reader, const yaml::Node& node, std::string_view what,
                   std::vector<model::RelabelConfig>& into) {
  if (node.is_null())
    return Error{ErrorCode::kInvalidArgument, fmt::format("empty or null {}", what)};
  model::RelabelConfig rule;
  std::string action = "replace";
  std::vector<std::string> sources;
  NARTHEX_TRY(
      reader.Read(node, "relabel.plain",
                  {reader.Texts("source_labels", sources), reader.Text("separator", rule.separator),
                   reader.Text("regex", rule.regex), reader.Count("modulus", rule.modulus),
                   reader.Text("target_label", rule.target_label),
                   reader.Text("replacement", rule.replacement), reader.Text("action", action)}));
  rule.source_labels = std::move(sources);
  // A malformed expression is told first, as it is where the file is read upstream.
  model::RelabelConfig probe;
  probe.source_labels = {"x"};
  probe.regex = rule.regex;
  probe.action = model::RelabelAction::kKeep;
  NARTHEX_TRY(model::RelabelRule::Make(std::move(probe), model::NameValidation::kUtf8));
  if (action.empty()) {
    rule.action.reset();
  } else {
    NARTHEX_ASSIGN_OR_RETURN(rule.action, model::ParseRelabelAction(action));
  }
  into.push_back(std::move(rule));
  return Ok();
}

Status FinishRelabel(const model::RelabelConfig& rule, model::NameValidation validation) {
  NARTHEX_TRY(model::RelabelRule::Make(rule, validation));
  return Ok();
}

}  // namespace narthex::config
