#include "json/value.h"

#include <gtest/gtest.h>

#include "json/reader.h"

namespace narthex::json {
namespace {

Value Parsed(std::string_view text) {
  auto value = Parse(text);
  EXPECT_TRUE(value.ok()) << text;
  return value.ok() ? std::move(value).value() : Value();
}

TEST(JsonValue, ReadsWholeNumbersOnly) {
  const struct {
    std::string text;
    std::optional<std::int64_t> want;
  } cases[] = {
      {"0", 0},      {"-7", -7},    {"3.0", 3},
      {"3e2", 300},  {"3.5", {}},   {"9223372036854775807", INT64_MAX},
      {"1e19", {}},  {"\"3\"", {}}, {"-9223372036854775808", INT64_MIN},
      {"1e999", {}}, {"null", {}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.text);
    EXPECT_EQ(Parsed(c.text).AsInt64(), c.want);
  }
}

TEST(JsonValue, OtherKindsReadAsNothing) {
  const Value text("x");
  EXPECT_FALSE(text.AsBool().has_value());
  EXPECT_FALSE(text.AsDouble().has_value());
  EXPECT_TRUE(text.items().empty());
  EXPECT_TRUE(text.members().empty());
  EXPECT_TRUE(text["a"]["b"].is_null());
  EXPECT_EQ(Value(1).AsString("otherwise"), "otherwise");
}

TEST(JsonValue, SetKeepsThePlaceOfAMember) {
  Value value = Parsed(R"({"a":1,"b":2})");
  value.Set("a", Value("new"));
  value.Set("c", Value(true));
  EXPECT_EQ(Print(value), R"({"a":"new","b":2,"c":true})");
  EXPECT_TRUE(value.Erase("b"));
  EXPECT_FALSE(value.Erase("b"));
  EXPECT_EQ(Print(value), R"({"a":"new","c":true})");
}

TEST(JsonValue, PrintsPretty) {
  EXPECT_EQ(
      Print(Parsed(R"({"a":[1,{"b":null}],"c":[],"d":{}})"), Layout::kPretty),
      "{\n  \"a\": [\n    1,\n    {\n      \"b\": null\n    }\n  ],\n  \"c\": [],\n  \"d\": {}\n}");
}

TEST(JsonValue, WritesNumbers) {
  EXPECT_EQ(Print(Value(1.5)), "1.5");
  EXPECT_EQ(Print(Value(0.1)), "0.1");
  EXPECT_EQ(Print(Value(UINT64_MAX)), "18446744073709551615");
  EXPECT_EQ(Print(Value(std::numeric_limits<double>::quiet_NaN())), "null");
}

TEST(JsonValue, EqualityCountsOrderAndText) {
  EXPECT_EQ(Parsed(R"({"a":1})"), Parsed(R"( { "a" : 1 } )"));
  EXPECT_FALSE(Parsed("1.0") == Parsed("1"));
  EXPECT_FALSE(Parsed(R"({"a":1,"b":2})") == Parsed(R"({"b":2,"a":1})"));
}

TEST(JsonValue, MeaningIsNeitherOrderNorText) {
  const struct {
    std::string a;
    std::string b;
    bool want;
  } cases[] = {{"1.0", "1", true},
               {"1", "1.5", false},
               {"1", "\"1\"", false},
               {"null", "false", false},
               {R"({"a":1,"b":[{}]})", R"({"b":[{}],"a":1e0})", true},
               {R"({"a":1})", R"({"a":1,"b":null})", false},
               {R"({"a":1,"b":2})", R"({"a":1,"c":2})", false},
               {"[1,2]", "[2,1]", false},
               {"[]", "{}", false},
               {"[1]", "[1,1]", false}};
  for (const auto& c : cases) {
    SCOPED_TRACE(c.a + " " + c.b);
    EXPECT_EQ(MeansTheSame(Parsed(c.a), Parsed(c.b)), c.want);
    EXPECT_EQ(MeansTheSame(Parsed(c.b), Parsed(c.a)), c.want);
  }
}

}  // namespace
}  // namespace narthex::json
