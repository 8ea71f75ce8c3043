#include "yaml/parse.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace narthex::yaml {
namespace {

Node ParseNode(std::string_view text) {
  Result<Document> document = Parse(text);
  if (!document.ok()) {
    ADD_FAILURE() << document.error().message();
    return Node();
  }
  return std::move(document->root);
}

TEST(Parse, GivesPositionsOfKeysAndValues) {
  const Node root = ParseNode("a: 1\nb:\n  - x\n  - {c: y}\n");
  ASSERT_EQ(root.members().size(), 2u);
  EXPECT_EQ(root.members()[1].key, "b");
  EXPECT_EQ(root.members()[1].position.line, 2);
  const Node& list = *root.Find("b");
  ASSERT_EQ(list.items().size(), 2u);
  EXPECT_EQ(list.items()[0].position().line, 3);
  EXPECT_EQ(list.items()[0].position().column, 5);
  EXPECT_EQ(list.items()[1].Find("c")->text(), "y");
  EXPECT_EQ(list.items()[1].Find("c")->position().column, 9);
}

TEST(Parse, KeepsScalarsAsWritten) {
  const Node root =
      ParseNode("a: 0123\nb: \"0123\"\nc: |\n  two\n  lines\nd: null\ne:\nf: 1e3\ng: ''\n");
  EXPECT_EQ(root.Find("a")->text(), "0123");
  EXPECT_FALSE(root.Find("a")->is_quoted());
  EXPECT_TRUE(root.Find("b")->is_quoted());
  EXPECT_EQ(root.Find("c")->text(), "two\nlines\n");
  EXPECT_TRUE(root.Find("d")->is_null());
  EXPECT_TRUE(root.Find("e")->is_null());
  EXPECT_EQ(root.Find("f")->text(), "1e3");
  EXPECT_TRUE(root.Find("g")->is_scalar());
}

TEST(Parse, ResolvesAnchorsAndMergeKeys) {
  const Node root = ParseNode(
      "base: &base {a: 1, b: 2}\n"
      "other: &other {b: 3, c: 4}\n"
      "one:\n  <<: *base\n  b: own\n"
      "two:\n  <<: [*base, *other]\n"
      "copy: *base\n"
      "quoted: {'<<': 1}\n");
  EXPECT_EQ(root.Find("one")->Find("a")->text(), "1");
  EXPECT_EQ(root.Find("one")->Find("b")->text(), "own");
  EXPECT_EQ(root.Find("one")->Find("<<"), nullptr);
  EXPECT_EQ(root.Find("two")->Find("b")->text(), "2");
  EXPECT_EQ(root.Find("two")->Find("c")->text(), "4");
  EXPECT_EQ(*root.Find("copy"), *root.Find("base"));
  EXPECT_EQ(root.Find("quoted")->Find("<<")->text(), "1");
}

TEST(Parse, TakesTheFirstDocument) {
  const Result<Document> document = Parse("a: 1\n---\nb: 2\n");
  ASSERT_TRUE(document.ok());
  EXPECT_NE(document->root.Find("a"), nullptr);
  EXPECT_TRUE(document->has_more_documents);
  EXPECT_FALSE(Parse("---\na: 1\n")->has_more_documents);
}

TEST(Parse, GivesNullForNothing) {
  for (const std::string_view text : {"", "# only a comment\n", "---\n", "\n\n"}) {
    SCOPED_TRACE(text);
    EXPECT_TRUE(ParseNode(text).is_null());
  }
}

TEST(Parse, DecodesBinary) {
  EXPECT_EQ(ParseNode("a: !!binary \"/w==\"\n").Find("a")->text(), "\xff");
  EXPECT_EQ(ParseNode("!!binary \"/w==\": v\n").members()[0].key, "\xff");
  EXPECT_EQ(ParseNode("a: !!binary aGVsbG8=\n").Find("a")->text(), "hello");
}

TEST(Parse, RefusesWithTheLine) {
  const struct {
    std::string_view text;
    std::string_view want;
  } cases[] = {
      {"a: 1\nb: [1, 2\nc: 3\n", "line 3"},
      {"a: 1\na: 2\n", "line 2, column 1: key \"a\" already set in map"},
      {"x:\n  a: 1\n  b: 2\n  a: 3\n", "line 4, column 3: key \"a\" already set in map"},
      {"a: *nope\n", "line 1"},
      {"a: &x [*x]\n", "anchor contains itself"},
      {"a: 1\n  b: 2\n", "line 2"},
      {"a: \"open\n", "line 2"},
      {"ok: 1\nbad: \xff\n", "line 2: invalid UTF-8"},
      {"ok: 1\nbad: \x01\n", "line 2: control characters are not allowed"},
      {"? [a, b]\n: 1\n", "the key of a mapping must be a scalar"},
      {"a: !!binary '===='\n", "invalid base64"},
      {"a:\n  <<: 3\n", "map merge requires map"},
      {"\ta: 1\n", "line 1"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.text);
    const Result<Document> document = Parse(c.text);
    ASSERT_EQ(document.code(), ErrorCode::kInvalidArgument);
    EXPECT_THAT(document.error().message(), testing::HasSubstr(std::string(c.want)));
  }
}

TEST(Parse, KeepsDuplicatesIfAsked) {
  const Result<Document> document = Parse("a: 1\na: 2\n", {.duplicate_keys = DuplicateKeys::kKeep});
  ASSERT_TRUE(document.ok());
  EXPECT_EQ(document->root.members().size(), 2u);
}

TEST(Parse, StopsAtExpandingAliases) {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 10; ++i) {
    text += fmt::format(
        "a{0}: &a{0} [*a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}]\n", i, i - 1);
  }
  const Result<Document> document = Parse(text);
  ASSERT_EQ(document.code(), ErrorCode::kResourceExhausted);
  EXPECT_THAT(document.error().message(), testing::HasSubstr("nodes"));
}

TEST(Parse, StopsAtItsLimits) {
  EXPECT_EQ(Parse("a: 12345\n", {.limits = {.size_bytes_max = 8}}).code(),
            ErrorCode::kResourceExhausted);
  EXPECT_TRUE(Parse("a: 12345\n", {.limits = {.size_bytes_max = 9}}).ok());
  EXPECT_EQ(Parse("[a, b, c]", {.limits = {.node_count_max = 3}}).code(),
            ErrorCode::kResourceExhausted);
  EXPECT_TRUE(Parse("[a, b, c]", {.limits = {.node_count_max = 4}}).ok());
  EXPECT_EQ(Parse("[[[a]]]", {.limits = {.depth_max = 3}}).code(), ErrorCode::kResourceExhausted);
  EXPECT_TRUE(Parse("[[[a]]]", {.limits = {.depth_max = 4}}).ok());
  EXPECT_EQ(Parse("{a: &x [[b]], c: [*x]}", {.limits = {.depth_max = 4}}).code(),
            ErrorCode::kResourceExhausted);
  EXPECT_FALSE(Parse(std::string(100'000, '[')).ok());
  EXPECT_FALSE(Parse(std::string(100'000, '{')).ok());
}

TEST(Parse, SurvivesTruncationAtEveryByte) {
  const std::string text =
      "global: &g\n  a: \"q\\\"\\u00e4\"\n  b: 'it''s'\nlist:\n- {x: *g, y: [1, 2]}\n- |\n  "
      "block\n  text\n- !!binary aGVs\n"
      "merged:\n  <<: *g\n  # comment\n  ? key\n  : value\n---\nsecond: 1\n";
  ASSERT_TRUE(Parse(text).ok());
  for (std::size_t size = 0; size < text.size(); ++size) {
    const Result<Document> document = Parse(text.substr(0, size));
    if (!document.ok()) {
      EXPECT_THAT(document.error().message(), testing::StartsWith("line ")) << size;
    }
  }
}

}  // namespace
}  // namespace narthex::yaml
