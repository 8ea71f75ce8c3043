// Values as the API writes them.
#pragma once

#include <span>

#include "engine/result.h"
#include "json/writer.h"
#include "model/labels.h"
#include "model/sample.h"
#include "storage/querier.h"

namespace narthex::api {

// Seconds, with three decimals if there is a fraction: 1435781451, 1435781451.500.
void WriteTimestamp(json::Writer& writer, model::TimestampMs timestamp);
// [1435781451.500,"0.25"]
void WriteSample(json::Writer& writer, model::Sample sample);
void WriteLabels(json::Writer& writer, const model::LabelSet& labels);
// {"resultType":...,"result":...}
void WriteQueryResult(json::Writer& writer, const engine::QueryResult& result);

// [{"seriesLabels":{...},"exemplars":[{"labels":{...},"value":"0.25","timestamp":1.234}]}]
void WriteExemplars(json::Writer& writer, std::span<const storage::SeriesExemplars> all);

// How many samples are in it.
std::size_t SampleCount(const engine::QueryResult& result);

}  // namespace narthex::api
