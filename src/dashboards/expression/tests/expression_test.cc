// What expressions give: cases in testdata/expressions.json, and what takes more than a case.
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <sstream>

#include "base/number.h"
#include "expression/command.h"
#include "json/reader.h"

namespace narthex::expression {
namespace {

json::Value ReadCases() {
  std::ifstream in(NARTHEX_TESTDATA "/expressions.json");
  std::ostringstream text;
  text << in.rdbuf();
  const Result<json::Value> cases = json::Parse(text.str());
  EXPECT_TRUE(cases.ok());
  return *cases;
}

std::optional<double> ReadSample(const json::Value& written) {
  return written.is_string() ? ParseDouble(written.AsString()) : written.AsDouble();
}

Value ReadValue(const json::Value& written) {
  if (written.is_string()) return Value::NoData();
  if (const json::Value* scalar = written.Find("scalar")) return Value::Scalar(ReadSample(*scalar));
  Labels labels;
  for (const auto& [name, value] : written["labels"].members()) {
    labels.emplace_back(name, value.AsString());
  }
  if (const json::Value* number = written.Find("number")) {
    return Value::Number(std::move(labels), ReadSample(*number));
  }
  Value series{ValueKind::kSeries, std::move(labels), {}, {}};
  for (const json::Value& sample : written["series"].items()) {
    series.timestamps.push_back(*sample.items()[0].AsInt64());
    series.values.push_back(ReadSample(sample.items()[1]));
  }
  return series;
}

std::vector<Value> ReadValues(const json::Value& written) {
  std::vector<Value> values;
  for (const json::Value& value : written.items()) values.push_back(ReadValue(value));
  return values;
}

std::string Print(const Value& value) {
  std::string text(KindName(value.kind));
  for (const auto& [name, label] : value.labels) text += fmt::format(" {}={}", name, label);
  for (std::size_t i = 0; i < value.values.size(); ++i) {
    if (!value.timestamps.empty()) text += fmt::format(" {}:", value.timestamps[i]);
    text += " " + (value.values[i] ? FormatDouble(*value.values[i]) : "null");
  }
  return text;
}

std::string Print(const std::vector<Value>& values) {
  std::string text;
  for (const Value& value : values) text += Print(value) + "\n";
  return text;
}

Result<ValueSet> RunCase(const json::Value& one) {
  QueryTimes times{one["from"].AsInt64().value_or(0), one["to"].AsInt64().value_or(0), {}};
  if (const auto window = one["window"].AsInt64())
    times.window = std::chrono::milliseconds(*window);
  NARTHEX_ASSIGN_OR_RETURN(const Command command, ReadCommand(one["query"], times));
  Inputs inputs;
  for (const auto& [name, values] : one["inputs"].members()) {
    inputs[name].values = ReadValues(values);
  }
  return command.run(inputs);
}

TEST(Expression, GivesWhatTheCasesSay) {
  const json::Value cases = ReadCases();
  ASSERT_FALSE(cases.items().empty());
  for (const json::Value& one : cases.items()) {
    SCOPED_TRACE(one["name"].AsString());
    const Result<ValueSet> got = RunCase(one);
    if (const json::Value* error = one.Find("error")) {
      ASSERT_FALSE(got.ok());
      EXPECT_THAT(got.error().message(), testing::HasSubstr(std::string(error->AsString())));
      continue;
    }
    ASSERT_TRUE(got.ok()) << got.error().message();
    EXPECT_EQ(Print(got->values), Print(ReadValues(one["want"])));
    std::vector<std::string> warnings;
    for (const json::Value& warning : one["warnings"].items()) {
      warnings.emplace_back(warning.AsString());
    }
    EXPECT_EQ(got->warnings, warnings);
  }
}

json::Value Math(std::string_view formula) {
  json::Value query = json::Value::MakeObject();
  query.Set("type", json::Value("math"));
  query.Set("expression", json::Value(formula));
  return query;
}

TEST(Expression, NamesItsInputsOnce) {
  const Result<Command> command = ReadCommand(Math("$B + ${A} * abs($B)"), {});
  ASSERT_TRUE(command.ok());
  EXPECT_EQ(command->inputs, (std::vector<std::string>{"A", "B"}));
}

ValueSet Numbers(std::size_t count, std::string_view label) {
  ValueSet set;
  for (std::size_t i = 0; i < count; ++i) {
    set.values.push_back(Value::Number({{std::string(label), std::to_string(i)}}, 1));
  }
  return set;
}

TEST(Expression, ManySeriesMeetTheirPartners) {
  const Result<Command> command = ReadCommand(Math("$A + $B"), {});
  const Result<ValueSet> got =
      command->run({{"A", Numbers(20'000, "host")}, {"B", Numbers(20'000, "host")}});
  ASSERT_TRUE(got.ok());
  EXPECT_EQ(got->values.size(), 20'000u);
  EXPECT_EQ(got->values.back(), Value::Number({{"host", "19999"}}, 2));
}

TEST(Expression, AProductOfAnswersHasALimit) {
  const Result<Command> command = ReadCommand(Math("$A + $B"), {});
  ValueSet unlabelled = Numbers(1000, "host");
  for (Value& value : unlabelled.values) value.labels.clear();
  const Result<ValueSet> got = command->run({{"A", Numbers(1000, "host")}, {"B", unlabelled}});
  EXPECT_EQ(got.code(), ErrorCode::kResourceExhausted);
}

TEST(Expression, SamplesOfAProductHaveALimit) {
  const Result<Command> command = ReadCommand(Math("$A + $B"), {});
  ValueSet series;
  series.values.push_back({ValueKind::kSeries, {}, {}, {}});
  for (TimestampMs at = 0; at < 2000; ++at) {
    series.values[0].timestamps.push_back(at);
    series.values[0].values.push_back(1);
  }
  const Result<ValueSet> got = command->run({{"A", series}, {"B", Numbers(10'001, "host")}});
  EXPECT_EQ(got.code(), ErrorCode::kResourceExhausted);
}

TEST(Expression, DeepFormulasAreRefused) {
  for (const std::string& formula : {std::string(100'000, '(') + "1" + std::string(100'000, ')'),
                                     std::string(100'000, '-') + "1", [] {
                                       std::string chain = "1";
                                       for (int i = 0; i < 100'000; ++i) chain += "+1";
                                       return chain;
                                     }()}) {
    EXPECT_EQ(ReadCommand(Math(formula), {}).code(), ErrorCode::kInvalidArgument);
  }
}

TEST(RunOrder, PutsEachBehindItsInputs) {
  const auto order = RunOrder({{"D", {"C", "A"}}, {"C", {"B"}}, {"B", {"A"}}});
  ASSERT_TRUE(order.ok());
  EXPECT_EQ(*order, (std::vector<std::string>{"B", "C", "D"}));
}

TEST(RunOrder, NamesACircle) {
  const auto order = RunOrder({{"A", {"B"}}, {"B", {"C"}}, {"C", {"B"}}});
  ASSERT_FALSE(order.ok());
  EXPECT_EQ(order.error().message(), "expressions wait for each other: A, B, C, B");
}

}  // namespace
}  // namespace narthex::expression
