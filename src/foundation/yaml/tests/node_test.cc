#include "yaml/node.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "yaml/emit.h"
#include "yaml/parse.h"

namespace narthex::yaml {
namespace {

Node Plain(std::string text) { return Node::Scalar(std::move(text), false, {3, 1}); }

TEST(Scalar, ReadsBooleans) {
  for (const char* word : {"true", "True", "yes", "on", "y"})
    EXPECT_TRUE(*AsBool(Plain(word))) << word;
  for (const char* word : {"false", "FALSE", "no", "Off"})
    EXPECT_FALSE(*AsBool(Plain(word))) << word;
  for (const char* word : {"tRUE", "1", "", "maybe"})
    EXPECT_FALSE(AsBool(Plain(word)).ok()) << word;
  EXPECT_EQ(AsBool(Plain("maybe")).error().message(),
            "line 3: cannot unmarshal !!str `maybe` into bool");
  EXPECT_FALSE(AsBool(Node::Scalar("true", true)).ok());
}

TEST(Scalar, ReadsWholeNumbers) {
  const struct {
    const char* text;
    std::optional<std::int64_t> want;
  } cases[] = {
      {"0", 0},
      {"42", 42},
      {"-42", -42},
      {"+7", 7},
      {"0x1F", 31},
      {"0o17", 15},
      {"017", 15},
      {"0b101", 5},
      {"1_000", 1000},
      {"9223372036854775807", std::numeric_limits<std::int64_t>::max()},
      {"-9223372036854775808", std::numeric_limits<std::int64_t>::min()},
      {"9223372036854775808", std::nullopt},
      {"-9223372036854775809", std::nullopt},
      {"18446744073709551616", std::nullopt},
      {"1.5", std::nullopt},
      {"", std::nullopt},
      {"-", std::nullopt},
      {"089", std::nullopt},
      {"12a", std::nullopt},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.text);
    const Result<std::int64_t> value = AsInt64(Plain(c.text));
    EXPECT_EQ(value.ok(), c.want.has_value());
    if (value.ok() && c.want) {
      EXPECT_EQ(*value, *c.want);
    }
  }
  EXPECT_EQ(*AsUint64(Plain("18446744073709551615")), std::numeric_limits<std::uint64_t>::max());
  EXPECT_FALSE(AsUint64(Plain("-1")).ok());
}

TEST(Scalar, ReadsFractions) {
  EXPECT_EQ(*AsDouble(Plain("1.5e3")), 1500);
  EXPECT_EQ(*AsDouble(Plain("-7")), -7);
  EXPECT_EQ(*AsDouble(Plain("-.inf")), -HUGE_VAL);
  EXPECT_TRUE(std::isnan(*AsDouble(Plain(".nan"))));
  for (const char* text : {"inf", "nan", "1.2.3", "", "0x1p3"})
    EXPECT_FALSE(AsDouble(Plain(text)).ok()) << text;
}

TEST(Scalar, ReadsStringsFromScalarsOnly) {
  EXPECT_EQ(*AsString(Plain("0123")), "0123");
  EXPECT_EQ(*AsString(Plain("true")), "true");
  EXPECT_FALSE(AsString(Node::Null()).ok());
  EXPECT_EQ(AsString(Node::Sequence({7, 2})).error().message(),
            "line 7: cannot unmarshal !!seq into string");
}

TEST(Node, SetReplacesOrAdds) {
  Node map = Node::Mapping();
  map.Set("a", Plain("1"));
  map.Set("b", Plain("2"));
  map.Set("a", Plain("3"));
  ASSERT_EQ(map.members().size(), 2u);
  EXPECT_EQ(map.Find("a")->text(), "3");
  EXPECT_EQ(map.Find("c"), nullptr);
}

TEST(Emit, WritesBlockStyle) {
  const Result<Document> document = Parse(
      "scrape_configs: [{job_name: a, static_configs: [{targets: ['x:1', \"y:2\"]}], params: {}, "
      "empty: []}]\n"
      "nothing:\n"
      "text: \"12\"\n"
      "number: 12\n");
  ASSERT_TRUE(document.ok());
  EXPECT_EQ(Emit(document->root),
            "scrape_configs:\n"
            "- job_name: a\n"
            "  static_configs:\n"
            "  - targets:\n"
            "    - x:1\n"
            "    - y:2\n"
            "  params: {}\n"
            "  empty: []\n"
            "nothing: null\n"
            "text: \"12\"\n"
            "number: 12\n");
}

TEST(Emit, ReadsBackAsTheSameTree) {
  const char* const texts[] = {
      "",
      " ",
      "a b",
      "- a",
      "-a",
      "a: b",
      "a:b",
      "a #b",
      "#a",
      "true",
      "null",
      "~",
      "12",
      "1e3",
      "2026-01-31",
      "'",
      "\"",
      "it's",
      "a\nb",
      "tab\t.",
      "\x7f",
      "[x]",
      "{x}",
      "*x",
      "&x",
      "!x",
      "%x",
      "@x",
      "`x",
      ",x",
      "?",
      "? x",
      ":",
      "x:",
      "---",
      "...",
      "<<",
      "\\d+",
      "(.*);(.*)",
      "$1",
      "\xc3\xa4",
      "\xc2\x85",
      "\xe2\x80\xa8x",
      "\xef\xbb\xbf",
      "trailing ",
      "0x1f",
      "--- x",
      "...x",
      "=",
      "|",
  };
  for (const char* text : texts) {
    SCOPED_TRACE(text);
    Node root = Node::Mapping();
    root.Set("value", Node::Scalar(text, true));
    root.Set("key " + std::string(text), Node::Null());
    root.Set("list", Node::Sequence()).Append(Node::Sequence()).Append(Node::Scalar(text, true));
    root.Find("list")->Append(Node::Mapping()).Set(text, Node::Scalar("1"));
    const std::string written = Emit(root);
    const Result<Document> again = Parse(written);
    ASSERT_TRUE(again.ok()) << again.error().message() << "\n" << written;
    EXPECT_EQ(again->root, root) << written;
  }
}

}  // namespace
}  // namespace narthex::yaml
