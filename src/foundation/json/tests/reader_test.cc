#include "json/reader.h"

#include <gtest/gtest.h>

namespace narthex::json {
namespace {

std::string RoundTrip(std::string_view text) {
  auto value = Parse(text);
  return value.ok() ? Print(*value) : "error: " + value.error().message();
}

TEST(JsonParse, KeepsKeyOrderAndNumberText) {
  const std::string text =
      R"({"z":1.0,"a":-0,"big":123456789012345678901234567890,"e":1E+2,"n":[null,true,false,""],"o":{}})";
  EXPECT_EQ(RoundTrip(text), text);
}

TEST(JsonParse, AcceptsDocuments) {
  const struct {
    std::string text;
    std::string want;
  } cases[] = {
      {"null", "null"},
      {" \t\r\n[ ] ", "[]"},
      {"\xEF\xBB\xBF{}", "{}"},
      {R"("\"\\\/\b\f\n\r\t\u0041\u00e9\u20AC\ud83d\ude00")",
       "\"\\\"\\\\/\\u0008\\u000c\\n\\r\\tA\u00e9\u20ac\U0001F600\""},
      {R"(["\ud800","\udc00","\ud800\u0041"])", "[\"\uFFFD\",\"\uFFFD\",\"\uFFFDA\"]"},
      {"\"\xff\xc0\xaf\xed\xa0\x80\"", "\"\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\""},
      {R"({"a":1,"b":2,"a":3})", R"({"a":3,"b":2})"},
      {R"({"":{"":[[]]}})", R"({"":{"":[[]]}})"},
      {"0.5e-3", "0.5e-3"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.text);
    EXPECT_EQ(RoundTrip(c.text), c.want);
  }
}

TEST(JsonParse, LastOfManyEqualKeysWins) {
  std::string text = "{";
  for (int i = 0; i < 200; ++i) text += fmt::format("\"k{}\":{},", i % 100, i);
  text.back() = '}';
  auto value = Parse(text);
  ASSERT_TRUE(value.ok());
  ASSERT_EQ(value->size(), 100u);
  EXPECT_EQ(value->members()[3].key, "k3");
  EXPECT_EQ(value->members()[3].value.AsInt64(), 103);
  EXPECT_EQ((*value)["k99"].AsInt64(), 199);
}

TEST(JsonParse, NamesThePlaceOfAFault) {
  const struct {
    std::string text;
    std::string want;
  } cases[] = {
      {"", "line 1, column 1: the document ends where a value was expected"},
      {"{\n  \"a\": 1,\n}", "line 3, column 1: '}' where a key in quotes was expected"},
      {"[1,]", "line 1, column 4: ']' where a value was expected"},
      {"[1 2]", "line 1, column 4: '2' where ',' or ']' was expected"},
      {"{\"a\" 1}", "line 1, column 6: expected ':' after the key of an object"},
      {"{'a':1}", "line 1, column 2: ''' where a key in quotes was expected"},
      {"01", "line 1, column 2: a number begins with 0"},
      {"1.", "line 1, column 3: expected a digit after the decimal point"},
      {"1e+", "line 1, column 4: expected a digit in the exponent"},
      {"-", "line 1, column 2: expected a digit after '-'"},
      {"nul", "line 1, column 1: 'n' where a value was expected"},
      {"NaN", "line 1, column 1: 'N' where a value was expected"},
      {"\"a\nb\"", "line 1, column 3: byte 0x0a inside a string must be escaped"},
      {"\"\\x\"", "line 1, column 3: unknown escape in a string"},
      {"\"\\u12g4\"", "line 1, column 6: expected four hexadecimal digits after \\u"},
      {"{} {}", "line 1, column 4: '{' after the end of the document"},
      {"[1}", "line 1, column 3: '}' where ',' or ']' was expected"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.text);
    auto value = Parse(c.text);
    ASSERT_FALSE(value.ok());
    EXPECT_EQ(value.error().code(), ErrorCode::kInvalidArgument);
    EXPECT_EQ(value.error().message(), c.want);
  }
}

TEST(JsonParse, FailsAtEveryTruncation) {
  const std::string text = R"({"a":[1.5e3,true,"x\u00e9\n"],"b":{"c":null}})";
  for (std::size_t size = 0; size < text.size(); ++size) {
    EXPECT_EQ(Parse(std::string_view(text).substr(0, size)).code(), ErrorCode::kInvalidArgument)
        << size;
  }
}

TEST(JsonParse, SurvivesEveryFlippedBit) {
  const std::string text = R"({"a":[1.5e3,true,"x\ud83d\ude00é"],"b":{"c":null}})";
  for (std::size_t i = 0; i < text.size() * 8; ++i) {
    std::string damaged = text;
    damaged[i / 8] = static_cast<char>(damaged[i / 8] ^ (1 << (i % 8)));
    auto value = Parse(damaged);
    if (value.ok()) {
      EXPECT_EQ(RoundTrip(Print(*value)), Print(*value));
    }
  }
}

TEST(JsonParse, HoldsItsLimits) {
  const struct {
    std::string name;
    std::string text;
    Limits limits;
    bool want_ok;
  } cases[] = {
      {"depth at the limit", "[[[]]]", {.depth_max = 3}, true},
      {"depth above", "[[[[]]]]", {.depth_max = 3}, false},
      {"size at the limit", "[10]", {.size_bytes_max = 4}, true},
      {"size above", "[100]", {.size_bytes_max = 4}, false},
      {"values at the limit", "[1,2]", {.value_count_max = 3}, true},
      {"values above", "[1,2,3]", {.value_count_max = 3}, false},
      {"hostile depth", std::string(1'000'000, '['), {}, false},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    auto value = Parse(c.text, c.limits);
    EXPECT_EQ(value.code(),
              c.want_ok ? std::nullopt : std::optional(ErrorCode::kResourceExhausted));
  }
}

TEST(JsonReader, GivesTokensInOrder) {
  Reader reader(R"({"a":["x\n",-1],"b":null})");
  const struct {
    Token token;
    std::string text;
  } want[] = {
      {Token::kObjectBegin, ""}, {Token::kKey, "a"},     {Token::kArrayBegin, ""},
      {Token::kString, "x\n"},   {Token::kNumber, "-1"}, {Token::kArrayEnd, ""},
      {Token::kKey, "b"},        {Token::kNull, ""},     {Token::kObjectEnd, ""},
      {Token::kEnd, ""},         {Token::kEnd, ""},
  };
  for (const auto& w : want) {
    EXPECT_EQ(reader.Next(), w.token);
    EXPECT_EQ(reader.text(), w.text);
  }
}

TEST(JsonReader, SkipsTheValueOfAKey) {
  Reader reader(R"({"a":[1,{"b":[]}],"c":2,"d":"x"})");
  EXPECT_EQ(reader.Next(), Token::kObjectBegin);
  EXPECT_EQ(reader.Next(), Token::kKey);
  EXPECT_TRUE(reader.Skip());
  EXPECT_EQ(reader.Next(), Token::kKey);
  EXPECT_EQ(reader.text(), "c");
  EXPECT_TRUE(reader.Skip());
  EXPECT_EQ(reader.Next(), Token::kKey);
  EXPECT_EQ(reader.text(), "d");
  EXPECT_EQ(reader.place(), "line 1, column 25");
}

TEST(JsonReader, SkipsTheArrayThatBegan) {
  Reader reader(R"([[1,[2]],3])");
  EXPECT_EQ(reader.Next(), Token::kArrayBegin);
  EXPECT_EQ(reader.Next(), Token::kArrayBegin);
  EXPECT_TRUE(reader.Skip());
  EXPECT_EQ(reader.Next(), Token::kNumber);
  EXPECT_EQ(reader.text(), "3");
  EXPECT_TRUE(reader.Skip());
  EXPECT_EQ(reader.Next(), Token::kArrayEnd);
}

TEST(JsonReader, StaysFailed) {
  Reader reader("[1,}");
  EXPECT_EQ(reader.Next(), Token::kArrayBegin);
  EXPECT_EQ(reader.Next(), Token::kNumber);
  EXPECT_EQ(reader.Next(), Token::kError);
  EXPECT_EQ(reader.Next(), Token::kError);
  EXPECT_FALSE(reader.Skip());
}

// All that a reader gives, to its end or its error.
std::string Read(Reader& reader) {
  std::string out;
  while (true) {
    const Token token = reader.Next();
    if (token == Token::kError) return out + "error: " + reader.error().message();
    out += fmt::format("{}<{}>{} ", static_cast<int>(token), reader.text(), reader.place());
    if (token == Token::kEnd) return out;
  }
}

Source Pieces(std::string_view text, std::size_t size) {
  return [rest = std::string(text), size, at = std::size_t{0}]() mutable -> Result<std::string> {
    std::string piece = rest.substr(std::min(at, rest.size()), size);
    at += size;
    return piece;
  };
}

TEST(JsonReader, PiecesGiveWhatTheWholeGives) {
  const std::string texts[] = {
      R"({"a":[1.5e3,true,"x\u00e9\n"],"b":{"c":null},"d":-12.25,"long":"xxxxxxxxxxxxxxxxxxxxxxxxxxxx"})",
      R"(["\ud83d\ude00","\ud800","\udc00","\ud800\u0041",false,false])",
      "\"\xff\xc0\xaf\xed\xa0\x80\u20ac\U0001F600\"",
      "\xEF\xBB\xBF[1]",
      "\xEF\xBB\xBF",
      "12345",
      " \n\n {\n \"a\" :\n 1 ,\n \"b\" : 2 }  \n\n ",
      "",
      "-",
      "01",
      "[1,]",
      "[1 2]",
      "{'a':1}",
      "{} {}",
      "[nul",
      "[nulx]",
      "[tru,1]",
      "\"\\x\"",
      R"("\u12g4")",
      "\"a\nb\"",
      "[1e+]",
      "{\n  \"a\": 1,\n}",
  };
  for (const std::string& text : texts) {
    Reader whole(text);
    const std::string want = Read(whole);
    for (std::size_t size = 1; size <= 9; ++size) {
      SCOPED_TRACE(fmt::format("{} by {}", text, size));
      Reader reader(Pieces(text, size));
      EXPECT_EQ(Read(reader), want);
      EXPECT_EQ(reader.Next() == Token::kError, want.find("error") != std::string::npos);
    }
  }
}

TEST(JsonReader, PiecesEndWithTheErrorOfTheirSource) {
  int asked = 0;
  Reader reader([&asked]() -> Result<std::string> {
    if (++asked == 2) return Error(ErrorCode::kInvalidArgument, "torn");
    return std::string("[1,2");
  });
  EXPECT_EQ(reader.Next(), Token::kArrayBegin);
  EXPECT_EQ(reader.Next(), Token::kNumber);
  EXPECT_EQ(reader.Next(), Token::kError);
  EXPECT_EQ(reader.error().message(), "torn");
  EXPECT_EQ(reader.Next(), Token::kError);
  EXPECT_EQ(asked, 2) << "a source that failed is not asked again";
}

TEST(JsonReader, PiecesHoldTheLimitsOfTheWhole) {
  Reader deep(Pieces(std::string(1'000'000, '['), 1000));
  while (deep.Next() != Token::kError) continue;
  EXPECT_EQ(deep.error().code(), ErrorCode::kResourceExhausted);
  Reader large(Pieces("[1,2,3,4,5,6,7,8]", 3), {.size_bytes_max = 10});
  while (large.Next() != Token::kError) continue;
  EXPECT_EQ(large.error().code(), ErrorCode::kResourceExhausted);
  // A long token is read a few times, not once for each piece.
  Reader long_text(Pieces("\"" + std::string(4u << 20, 'x') + "\"", 64));
  EXPECT_EQ(long_text.Next(), Token::kString);
  EXPECT_EQ(long_text.text().size(), 4u << 20);
}

}  // namespace
}  // namespace narthex::json
