// Which instant vectors a query names more than once.
#pragma once

#include <memory>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "context.h"
#include "needs.h"
#include "promql/ast.h"
#include "steps.h"

namespace narthex::engine {

// An expression that several places of a query name, all of them over the same steps.
struct CommonRows {
  // The last of them: notes are shown at the last place they are said.
  const promql::Expr* expr = nullptr;
  StepGrid grid;
  bool is_totals_only = false;
  bool is_in_subquery = false;
  NeededLabels labels;          // what any of them needs
  std::size_t place_count = 0;  // that read the rows; not those inside of larger common rows
};

// The expressions of one query. Refers to its tree.
class CommonExpressions {
 public:
  // None.
  CommonExpressions() = default;
  // Those of `query`, to be evaluated over `grid`. Costs next to nothing where no two selectors are
  // alike, else some microseconds.
  // Errors: those of PlanSubquery()
  static Result<CommonExpressions> Of(const promql::Expr& query, const StepGrid& grid,
                                      Context& context);

  // Null: the rows of `expr` have one reader.
  const CommonRows* Find(const promql::Expr& expr) const {
    if (of_.empty()) return nullptr;
    const auto found = of_.find(&expr);
    return found == of_.end() ? nullptr : found->second;
  }

 private:
  std::vector<std::unique_ptr<CommonRows>> rows_;
  std::unordered_map<const promql::Expr*, const CommonRows*> of_;
};

}  // namespace narthex::engine
