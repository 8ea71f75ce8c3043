// Removal of metric names, now or at the end of the query.
#pragma once

#include "context.h"
#include "model/labels.h"
#include "stream.h"

namespace narthex::engine {

// `labels` without the name and what else describes the metric as it was stored.
model::LabelSet WithoutName(const model::LabelSet& labels);

// Removes the name of a row whose values are no longer the metric's, or marks it for removal.
void DropName(Row& row, const Context& context);

// Joins rows with the same labels into one; two values at one step are an error. Reads all of
// `input` before the first row comes out.
RowStreamPtr MergeRepeats(RowStreamPtr input, std::size_t step_count, Context& context);

// `input` as it is if its rows differ without their names or keep them; else MergeRepeats.
RowStreamPtr MergeIfNamesCollide(RowStreamPtr input, std::size_t step_count, Context& context);

}  // namespace narthex::engine
