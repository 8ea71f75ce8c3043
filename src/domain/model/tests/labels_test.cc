#include "model/labels.h"

#include <gtest/gtest.h>

namespace narthex::model {
namespace {

TEST(LabelSet, SortsDropsEmptyValuesAndTakesTheLastOfARepeat) {
  const LabelSet labels = {{"b", "2"}, {"a", "1"}, {"c", ""}, {"a", "3"}};
  EXPECT_EQ(labels.ToString(), R"({a="3", b="2"})");
  EXPECT_EQ(labels.size(), 2u);
}

TEST(LabelSet, GetIsEmptyForWhatIsNotThere) {
  const LabelSet labels = {{"a", "1"}, {"c", "3"}};
  EXPECT_EQ(labels.Get("c"), "3");
  EXPECT_EQ(labels.Get("b"), "");
  EXPECT_FALSE(labels.Has("d"));
}

TEST(LabelSet, HoldsValuesOverOneLengthByte) {
  const std::string value(70'000, 'x');
  const LabelSet labels = {{"a", value}, {"b", "2"}};
  EXPECT_EQ(labels.Get("a"), value);
  EXPECT_EQ(labels.Get("b"), "2");
  EXPECT_EQ(LabelSet::Decode(labels.encoded()), labels);
}

TEST(LabelSet, DecodeRefusesEveryTruncation) {
  const LabelSet labels = {{"__name__", "up"}, {"job", std::string(200, 'j')}};
  const std::string encoded(labels.encoded());
  const LabelSet first = {{"__name__", "up"}};
  for (std::size_t size = 1; size < encoded.size(); ++size) {
    const auto decoded = LabelSet::Decode(std::string_view(encoded).substr(0, size));
    if (size == first.encoded().size()) {
      EXPECT_EQ(decoded, first);
    } else {
      EXPECT_FALSE(decoded.has_value()) << size;
    }
  }
}

TEST(LabelSet, DecodeRefusesWhatNoSetEncodesTo) {
  using std::operator""sv;
  const struct {
    std::string_view name;
    std::string_view encoded;
  } cases[] = {
      {"names out of order",
       "\1b\1"
       "2\1a\1"
       "1"sv},
      {"name twice",
       "\1a\1"
       "1\1a\1"
       "2"sv},
      {"empty value", "\1a\0"sv},
      {"length in more bytes than it needs",
       "\x81\0a\1"
       "1"sv},
      {"length beyond the end",
       "\1a\x05"
       "1"sv},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_FALSE(LabelSet::Decode(c.encoded).has_value());
  }
}

TEST(LabelSet, FromSortedIsFromWhateverTheOrder) {
  const std::vector<std::vector<Label>> cases = {
      {},
      {{"a", "1"}},
      {{"a", "1"}, {"b", "2"}},
      {{"b", "2"}, {"a", "1"}},
      {{"a", "1"}, {"a", "2"}},
      {{"a", ""}, {"b", "2"}},
      {{"", "1"}, {"b", "2"}},
  };
  for (const auto& labels : cases) {
    EXPECT_EQ(LabelSet::FromSorted(labels), LabelSet::From(std::span<const Label>(labels)));
  }
}

TEST(LabelSet, OrdersByNameThenValueThenLength) {
  const LabelSet ascending[] = {
      {}, {{"a", "1"}}, {{"a", "1"}, {"b", "1"}}, {{"a", "10"}}, {{"a", "2"}}, {{"b", "0"}},
  };
  for (std::size_t i = 0; i < std::size(ascending); ++i) {
    for (std::size_t j = 0; j < std::size(ascending); ++j) {
      EXPECT_EQ(ascending[i] <=> ascending[j], i <=> j) << i << " " << j;
    }
  }
}

TEST(LabelSet, KeepsAndDropsByName) {
  const LabelSet labels = {{"__name__", "up"}, {"a", "1"}, {"b", "2"}};
  const std::vector<std::string> names = {"b", "x", "__name__"};
  EXPECT_EQ(labels.Keep(names), (LabelSet{{"__name__", "up"}, {"b", "2"}}));
  EXPECT_EQ(labels.Drop(names), (LabelSet{{"a", "1"}}));
  EXPECT_EQ(labels.DropMetricName(), (LabelSet{{"a", "1"}, {"b", "2"}}));
}

TEST(LabelSet, MetricString) {
  EXPECT_EQ(LabelSet().ToMetricString(), "{}");
  EXPECT_EQ((LabelSet{{"__name__", "up"}}.ToMetricString()), "up");
  EXPECT_EQ((LabelSet{{"__name__", "up"}, {"a", "1"}}.ToMetricString()), R"(up{a="1"})");
  EXPECT_EQ((LabelSet{{"__name__", "a.b"}, {"c", "1"}}.ToMetricString()), R"({"a.b", c="1"})");
  EXPECT_EQ((LabelSet{{"a", "1"}}.ToMetricString()), R"({a="1"})");
}

TEST(LabelSetBuilder, ChangesAndRemoves) {
  LabelSetBuilder builder(LabelSet{{"a", "1"}, {"b", "2"}});
  builder.Set("c", "3").Set("a", "x").Remove("b").Set("d", "4").Set("d", "");
  EXPECT_EQ(builder.Get("a"), "x");
  EXPECT_EQ(builder.Get("b"), "");
  EXPECT_EQ(builder.Build(), (LabelSet{{"a", "x"}, {"c", "3"}}));
  builder.Reset(LabelSet{{"z", "1"}});
  EXPECT_EQ(builder.Build(), (LabelSet{{"z", "1"}}));
}

TEST(Quote, WritesGoEscapes) {
  using std::operator""sv;
  const struct {
    std::string_view text;
    std::string_view quoted;
  } cases[] = {
      {"", R"("")"},
      {"a\"b\\c", R"("a\"b\\c")"},
      {"\a\b\f\n\r\t\v", R"("\a\b\f\n\r\t\v")"},
      {"\0\x1f\x7f"sv, R"("\x00\x1f\x7f")"},
      {"é世界😱", R"("é世界😱")"},
      {"\xc2\xa0\xe2\x80\xa8", R"("\u00a0\u2028")"},
      {"\xf3\xa0\x80\x81", R"("\U000e0001")"},
      {"a\xff\xe2\x82", R"("a\xff\xe2\x82")"},
  };
  for (const auto& c : cases) EXPECT_EQ(Quote(c.text), c.quoted);
}

TEST(Utf8, RefusesWhatIsNoCodePoint) {
  EXPECT_TRUE(IsUtf8("plain ascii, longer than a word"));
  EXPECT_TRUE(IsUtf8("grüße aus 東京 😱"));
  EXPECT_FALSE(IsUtf8("\xc0\x80"));          // overlong
  EXPECT_FALSE(IsUtf8("\xed\xa0\x80"));      // surrogate
  EXPECT_FALSE(IsUtf8("\xf4\x90\x80\x80"));  // above U+10FFFF
  EXPECT_FALSE(IsUtf8("12345678\xe2\x82"));  // cut short
}

}  // namespace
}  // namespace narthex::model
