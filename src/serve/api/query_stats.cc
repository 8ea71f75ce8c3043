#include "api/query_stats.h"

namespace narthex::api {

void WriteQueryStats(json::Writer& writer, const engine::QueryStats& stats) {
  const auto seconds = [&writer](std::string_view key, double value) {
    writer.Key(key);
    writer.Double(value);
  };
  const double total = stats.preparation_seconds + stats.evaluation_seconds;
  writer.BeginObject();
  writer.Key("timings");
  writer.BeginObject();
  seconds("evalTotalTime", total);
  // Results are sorted while they are collected.
  seconds("resultSortTime", 0);
  seconds("queryPreparationTime", stats.preparation_seconds);
  seconds("innerEvalTime", stats.evaluation_seconds);
  seconds("execQueueTime", stats.queue_seconds);
  seconds("execTotalTime", total + stats.queue_seconds);
  writer.EndObject();
  writer.Key("samples");
  writer.BeginObject();
  json::Field(writer, "totalQueryableSamples", static_cast<std::int64_t>(stats.samples_queryable));
  json::Field(writer, "samplesRead", static_cast<std::int64_t>(stats.samples_read));
  json::Field(writer, "peakSamples", static_cast<std::int64_t>(stats.samples_peak));
  writer.EndObject();
  writer.EndObject();
}

}  // namespace narthex::api
