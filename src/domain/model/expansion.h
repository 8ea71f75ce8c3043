// Templates with references to the groups of a regular expression.
#pragma once

#include <re2/re2.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace narthex::model {

// `$1`, `${1}`, `$name`, `${name}`, `$$`, as Go's regexp.Expand reads them; a reference to a group
// that does not exist is empty, a `$` that is no reference stands for itself. Immutable.
class Expansion {
 public:
  Expansion(std::string_view text, const RE2& expression);

  bool has_references() const { return has_references_; }
  // One more than the greatest group number referred to.
  int group_count() const { return group_count_; }

  // `groups[0]` is the whole match.
  std::string Expand(std::span<const re2::StringPiece> groups) const;

 private:
  struct Part {
    std::string literal;
    int group = -1;  // follows the literal; -1: none
  };

  std::vector<Part> parts_;
  bool has_references_ = false;
  int group_count_ = 0;
};

}  // namespace narthex::model
