// Relabelling: rules that rewrite the labels of a target, a sample or an alert, or drop it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/labels.h"

namespace narthex::model {

enum class RelabelAction {
  kReplace,    // the label named by target_label becomes the expanded replacement, if the regex
               // matches
  kKeep,       // drops what does not match
  kDrop,       // drops what matches
  kKeepEqual,  // drops unless the joined source labels equal the target label
  kDropEqual,
  kHashMod,    // target_label becomes the hash of the source labels modulo `modulus`
  kLabelMap,   // copies labels with a matching name to the name the replacement gives
  kLabelDrop,  // removes labels with a matching name
  kLabelKeep,
  kLowercase,  // target_label becomes the source labels in lower case (ASCII letters)
  kUppercase,
};

std::string_view RelabelActionText(RelabelAction action);
// In any case: "Replace" is "replace".
// Errors: kInvalidArgument  unknown word
Result<RelabelAction> ParseRelabelAction(std::string_view text);

// One entry of relabel_configs, with its defaults.
struct RelabelConfig {
  std::vector<std::string> source_labels;
  std::string separator = ";";
  std::string regex = "(.*)";
  std::uint64_t modulus = 0;
  std::string target_label;
  std::string replacement = "$1";
  std::optional<RelabelAction> action = RelabelAction::kReplace;

  friend bool operator==(const RelabelConfig&, const RelabelConfig&) = default;
};

// A checked and compiled rule. Immutable, cheap to copy, thread-safe.
class RelabelRule {
 public:
  // Errors: kInvalidArgument  what Prometheus refuses, in its words
  static Result<RelabelRule> Make(RelabelConfig config, NameValidation validation);

  const RelabelConfig& config() const;

  // False: what the labels stand for is dropped, and `labels` is of no use any more.
  bool Apply(LabelSetBuilder& labels) const;

 private:
  struct Compiled;

  explicit RelabelRule(std::shared_ptr<const Compiled> compiled) : compiled_(std::move(compiled)) {}

  std::shared_ptr<const Compiled> compiled_;  // shared by copies; never null
};

// All of `rules` in order; false as soon as one drops.
bool Relabel(std::span<const RelabelRule> rules, LabelSetBuilder& labels);

}  // namespace narthex::model
