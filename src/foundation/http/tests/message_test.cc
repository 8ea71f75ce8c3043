#include "http/message.h"

#include <gtest/gtest.h>

#include "coding.h"
#include "http/asset.h"

namespace narthex::http {
namespace {

TEST(Parameters, ParseDecodesAndKeepsOrder) {
  const Parameters parameters = Parameters::Parse("a=1&b=%20+x&&a=2&c&d=%zz&e=a%3Db=c");
  EXPECT_EQ(parameters.Get("a"), "1");
  EXPECT_EQ(parameters.GetAll("a"), (std::vector<std::string_view>{"1", "2"}));
  EXPECT_EQ(parameters.Get("b"), "  x");
  EXPECT_TRUE(parameters.Has("c"));
  EXPECT_EQ(parameters.Get("d"), "%zz");
  EXPECT_EQ(parameters.Get("e"), "a=b=c");
  EXPECT_FALSE(parameters.Has("f"));
  EXPECT_EQ(Parameters::Parse(parameters.ToString()).ToString(), parameters.ToString());
}

TEST(Url, EncodeAndDecodeAreInverse) {
  std::string every;
  for (int c = 0; c < 256; ++c) every.push_back(static_cast<char>(c));
  EXPECT_EQ(UrlDecode(UrlEncode(every)), every);
  EXPECT_EQ(UrlEncode("a b/c~"), "a%20b%2Fc~");
  EXPECT_EQ(UrlDecode("%4"), "%4");
}

TEST(Headers, NamesHaveNoCaseAndMayRepeat) {
  Headers headers{{"Accept", "a"}, {"accept", "b"}, {"Host", "h"}};
  EXPECT_EQ(headers.Get("ACCEPT"), "a");
  EXPECT_EQ(headers.GetAll("accept").size(), 2U);
  headers.Set("accept", "c");
  EXPECT_EQ(headers.GetAll("Accept"), (std::vector<std::string_view>{"c"}));
  headers.Remove("HOST");
  EXPECT_FALSE(headers.Has("host"));
}

TEST(HeaderQuality, FollowsRfc9110) {
  const struct {
    const char* header;
    const char* token;
    std::optional<double> want;
  } cases[] = {
      {"gzip", "gzip", 1},
      {"gzip;q=0.5, zstd", "gzip", 0.5},
      {"gzip;q=0", "gzip", 0},
      {"*;q=0.1", "gzip", 0.1},
      {"gzip ; Q=0.3", "GZIP", 0.3},
      {"", "gzip", std::nullopt},
      {"gzipped", "gzip", std::nullopt},
      {"gzip;q=nonsense", "gzip", 0},
      {"gzip;q=7", "gzip", 1},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.header);
    EXPECT_EQ(HeaderQuality(c.header, c.token), c.want);
  }
}

TEST(Coding, NegotiationPrefersTheHigherQuality) {
  EXPECT_EQ(NegotiateCoding("gzip, zstd"), Coding::kGzip);
  EXPECT_EQ(NegotiateCoding("gzip;q=0.5, zstd"), Coding::kZstd);
  EXPECT_EQ(NegotiateCoding("gzip;q=0"), Coding::kIdentity);
  EXPECT_EQ(NegotiateCoding("br"), Coding::kIdentity);
}

TEST(Coding, RoundTripTruncationAndBombs) {
  std::string text;
  for (int i = 0; i < 50'000; ++i) text += std::to_string(i % 977);
  for (const Coding coding : {Coding::kGzip, Coding::kZstd}) {
    SCOPED_TRACE(CodingName(coding));
    const std::string packed = Compress(coding, text);
    EXPECT_LT(packed.size(), text.size() / 2);
    EXPECT_EQ(Decompress(coding, packed, text.size()).value(), text);
    EXPECT_EQ(Decompress(coding, packed, text.size() - 1).code(), ErrorCode::kResourceExhausted);

    const std::string small = Compress(coding, "narthex narthex narthex");
    for (std::size_t size = 0; size < small.size(); ++size) {
      EXPECT_FALSE(Decompress(coding, small.substr(0, size), 1 << 20).ok()) << size;
    }
    const std::string bomb = Compress(coding, std::string(64 << 20, '\0'));
    EXPECT_LT(bomb.size(), std::size_t{1} << 19);
    EXPECT_EQ(Decompress(coding, bomb, 1 << 20).code(), ErrorCode::kResourceExhausted);
  }
}

TEST(Cookie, IsFoundAmongOthers) {
  Request request;
  request.headers.Add("Cookie", "a=1; session=abc=; b=2");
  EXPECT_EQ(Cookie(request, "session"), "abc=");
  EXPECT_EQ(Cookie(request, "b"), "2");
  EXPECT_EQ(Cookie(request, "c"), "");
}

TEST(BasicCredentials, DecodeOrAreRefused) {
  const auto of = [](std::string_view value) {
    Request request;
    request.headers.Add("Authorization", value);
    return BasicCredentials(request);
  };
  EXPECT_EQ(of("Basic YWRtaW46MTIzNA=="), std::pair(std::string("admin"), std::string("1234")));
  EXPECT_EQ(of("basic YTpiOmM="), std::pair(std::string("a"), std::string("b:c")));
  EXPECT_FALSE(of("Bearer YWRtaW46MTIzNA==").has_value());
  EXPECT_FALSE(of("Basic !!").has_value());
  EXPECT_FALSE(of("Basic YWRtaW4=").has_value());
}

TEST(EqualInConstantTime, IsEquality) {
  EXPECT_TRUE(EqualInConstantTime("", ""));
  EXPECT_TRUE(EqualInConstantTime("abc", "abc"));
  EXPECT_FALSE(EqualInConstantTime("abc", "abd"));
  EXPECT_FALSE(EqualInConstantTime("abc", "abcabc"));
  EXPECT_FALSE(EqualInConstantTime("abc", ""));
}

TEST(Asset, IsServedAsThePeerTakesIt) {
  const std::string text(4096, 'x');
  const std::string packed = Compress(Coding::kGzip, text);
  const Asset assets[] = {
      {"/a.js", "text/javascript", "\"1\"", true, "", packed, "BROTLI"},
      {"/b.html", "text/html", "\"2\"", false, "page", "", ""},
  };
  EXPECT_EQ(FindAsset(assets, "/c"), nullptr);
  const Asset* script = FindAsset(assets, "/a.js");
  ASSERT_NE(script, nullptr);
  Request request;
  EXPECT_EQ(AssetResponse(*script, request).body, text);
  request.headers.Set("Accept-Encoding", "gzip");
  EXPECT_EQ(AssetResponse(*script, request).body, packed);
  request.headers.Set("Accept-Encoding", "gzip, br");
  const Response answer = AssetResponse(*script, request);
  EXPECT_EQ(answer.body, "BROTLI");
  EXPECT_EQ(answer.headers.Get("Cache-Control"), "public, max-age=31536000, immutable");

  const Asset* page = FindAsset(assets, "/b.html");
  EXPECT_EQ(AssetResponse(*page, request).headers.Get("Cache-Control"), "no-cache");
  request.headers.Set("If-None-Match", "W/\"0\", \"2\"");
  EXPECT_EQ(AssetResponse(*page, request).status, 304);
  EXPECT_EQ(AssetResponse(*page, request).body, "");
}

}  // namespace
}  // namespace narthex::http
