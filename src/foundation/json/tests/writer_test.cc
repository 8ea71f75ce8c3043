#include "json/writer.h"

#include <gtest/gtest.h>

#include "json/reader.h"

namespace narthex::json {
namespace {

TEST(JsonWriter, PlacesCommas) {
  std::string out;
  Writer writer(out);
  writer.BeginObject();
  Field(writer, "status", "success");
  writer.Key("list");
  writer.BeginArray();
  writer.Int64(-1);
  writer.Uint64(2);
  writer.Double(0.25);
  writer.BeginArray();
  writer.EndArray();
  writer.Null();
  writer.EndArray();
  Field(writer, "ok", true);
  writer.Key("o");
  writer.BeginObject();
  writer.EndObject();
  Field(writer, "n", std::int64_t{7});
  writer.EndObject();
  ASSERT_TRUE(writer.Finish().ok());
  EXPECT_EQ(out, R"({"status":"success","list":[-1,2,0.25,[],null],"ok":true,"o":{},"n":7})");
}

// What is done eight bytes at a time gives what is done for each character alone.
TEST(JsonWriter, EscapesACharacterWhereverItStands) {
  for (const std::string_view special :
       {"\"", "\\", "\n", "\x1f", "\x7f", "\xc3\xa9", "\xff", "!", "]"}) {
    std::string alone;
    AppendString(alone, special);
    const std::string inside = alone.substr(1, alone.size() - 2);
    for (std::size_t before = 0; before < 20; ++before) {
      for (std::size_t behind = 0; behind < 20; ++behind) {
        const std::string text =
            std::string(before, 'a') + std::string(special) + std::string(behind, '~');
        std::string out;
        AppendString(out, text);
        ASSERT_EQ(out, '"' + std::string(before, 'a') + inside + std::string(behind, '~') + '"');
      }
    }
  }
}

TEST(JsonWriter, EscapesStrings) {
  const struct {
    std::string text;
    std::string want;
  } cases[] = {
      {"plain", "\"plain\""},
      {"a\"b\\c/\n\t\r\x01\x7f", "\"a\\\"b\\\\c/\\n\\t\\r\\u0001\x7f\""},
      {"é€😀", "\"é€😀\""},
      {"a\xff"
       "b\xe2\x82",
       "\"a\uFFFDb\uFFFD\uFFFD\""},
      {std::string("\0", 1), "\"\\u0000\""},
      {"", "\"\""},
  };
  for (const auto& c : cases) {
    std::string out;
    AppendString(out, c.text);
    EXPECT_EQ(out, c.want);
  }
}

TEST(JsonWriter, HandsOverBlocks) {
  std::vector<std::string> blocks;
  Writer writer(
      [&](std::string_view block) {
        blocks.emplace_back(block);
        return Ok();
      },
      10);
  writer.BeginArray();
  for (int i = 0; i < 10; ++i) writer.String("abc");
  writer.EndArray();
  ASSERT_TRUE(writer.Finish().ok());
  std::string all;
  for (const std::string& block : blocks) {
    EXPECT_LE(block.size(), 16u);
    all += block;
  }
  EXPECT_GT(blocks.size(), 3u);
  auto value = Parse(all);
  ASSERT_TRUE(value.ok());
  EXPECT_EQ(value->size(), 10u);
}

TEST(JsonWriter, StopsAtASinkThatFails) {
  int calls = 0;
  Writer writer(
      [&](std::string_view) -> Status {
        ++calls;
        return Error(ErrorCode::kCanceled, "the client is gone");
      },
      4);
  writer.BeginArray();
  for (int i = 0; i < 100; ++i) writer.Int64(i);
  EXPECT_TRUE(writer.failed());
  writer.EndArray();
  EXPECT_EQ(writer.Finish().code(), ErrorCode::kCanceled);
  EXPECT_EQ(calls, 1);
}

}  // namespace
}  // namespace narthex::json
