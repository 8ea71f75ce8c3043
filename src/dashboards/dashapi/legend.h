// The names of series.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "series_answer.h"

namespace narthex::dashapi {

// One name for each series. `format`: empty for `name{a="b"}` in full, "__auto" for what tells the
// series apart, else a text with `{{label}}`; a label that a series lacks is empty there. A series
// without any label is named by `expr`. Source: Grafana's Prometheus data source, legend.
std::vector<std::string> Legends(const std::vector<AnswerSeries>& series, std::string_view format,
                                 std::string_view expr);

}  // namespace narthex::dashapi
