// What the writers of all text formats have in common: names, labels, numbers.
#pragma once

#include <string>
#include <string_view>

#include "exposition/metric_family.h"
#include "model/name_escaping.h"
#include "number.h"

namespace narthex::exposition {

// `text` with backslashes and newlines escaped, and quotes where it stands between quotes.
void AppendEscaped(std::string& out, std::string_view text, Quotes quotes);
void AppendQuoted(std::string& out, std::string_view text);

// A metric or label name, between quotes if the legacy alphabet lacks one of its characters.
void AppendMetricName(std::string& out, std::string_view name);
void AppendLabelName(std::string& out, std::string_view name, model::NameEscaping escaping);

// `name` escaped, unless it is a legacy one already.
std::string EscapedMetricName(std::string_view name, model::NameEscaping escaping);
std::string EscapedLabelName(std::string_view name, model::NameEscaping escaping);

// `a="b",c="d"`, without braces.
void AppendLabels(std::string& out, const LabelPairs& labels, model::NameEscaping escaping);
void AppendMetricLabels(std::string& out, const MetricLabels& labels, model::NameEscaping escaping);

// With a fraction or exponent, as OpenMetrics 1.0 wants it.
void AppendOpenMetricsFloat(std::string& out, double value);

// Seconds without an exponent, nanoseconds as far as there are any: "1234567890.5".
void AppendSeconds(std::string& out, Instant instant);
double ToSeconds(Instant instant);

// Whether `count` is whole, and exact as a double.
bool IsWholeCount(double count);

}  // namespace narthex::exposition
