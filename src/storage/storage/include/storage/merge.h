// Several queriers as one.
#pragma once

#include <memory>
#include <vector>

#include "storage/querier.h"

namespace narthex::storage {

// Gives every series of any of `parts` once, with the samples of all. Of samples with one timestamp
// the one of the earlier part holds. Errors of a part are errors of the whole.
//
// Takes no copy of samples that only one part has, and gives time columns ids as the parts do. Of
// no parts: an empty querier; of one: itself.
std::unique_ptr<Querier> MergeQueriers(std::vector<std::unique_ptr<Querier>> parts);

}  // namespace narthex::storage
