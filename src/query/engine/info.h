// info(): labels of info metrics joined to the series they describe.
#pragma once

#include <memory>

#include "context.h"
#include "promql/ast.h"
#include "stream.h"

namespace narthex::engine {

// The selector of the info metrics that a call of info() means, at the time its first argument
// refers to: target_info unless the second argument names others.
Result<std::unique_ptr<promql::VectorSelector>> MakeInfoSelector(const promql::Call& call,
                                                                 const Context& context);

struct InfoInput {
  RowStreamPtr base;
  // The info series; values are the times of their samples.
  RowStreamPtr info;
  std::unique_ptr<promql::VectorSelector> selector;
};

// Adds to each series of `base` the labels of the info series with the same instance and job. Of
// several info series of one name the one with the newest sample counts. Holds both whole: which
// info series there are to choose from hangs on the labels of all of `base`.
RowStreamPtr ApplyInfo(InfoInput input, const StepGrid& grid, Context& context);

}  // namespace narthex::engine
