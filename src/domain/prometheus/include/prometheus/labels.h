// Names and values of labels.
#pragma once

#include <map>
#include <string>

namespace prometheus {

using Labels = std::map<std::string, std::string>;
using Label = Labels::value_type;

}  // namespace prometheus
