#include "http/router.h"

#include <gtest/gtest.h>

namespace narthex::http {
namespace {

Request Get(std::string target, Method method = Method::kGet) {
  Request request;
  request.method = method;
  request.path = UrlDecode(target.substr(0, target.find('?')));
  request.target = std::move(target);
  return request;
}

// A handler that answers with `name` and the parameters of the path.
Handler Named(std::string name) {
  return [name](const Request& request) {
    std::string text = name;
    for (const auto& [key, value] : request.path_parameters) text += " " + key + "=" + value;
    return Response::Text(200, text);
  };
}

Router MakeRouter() {
  Router router;
  router.Get("/", Named("root"));
  router.Get("/api/v1/label/:name/values", Named("values"));
  router.Get("/api/v1/label/special/values", Named("special"));
  router.Get("/api/v1/*", Named("rest"));
  router.Get("/static/*", Named("static"));
  router.Get("/x/:a", Named("get"));
  router.Post("/x/:a", Named("post"));
  return router;
}

TEST(Router, MostLiteralPatternWins) {
  const Router router = MakeRouter();
  const struct {
    const char* target;
    const char* want;
  } cases[] = {
      {"/", "root"},
      {"/?a=/b", "root"},
      {"/api/v1/label/job/values", "values name=job"},
      {"/api/v1/label/a%2Fb/values?x=1", "values name=a/b"},
      {"/api/v1/label/special/values", "special"},
      {"/api/v1/label/special/other", "rest *=label/special/other"},
      {"/api/v1/label//values", "rest *=label//values"},
      {"/static", "static *="},
      {"/static/", "static *="},
      {"/static/a/b.js", "static *=a/b.js"},
      {"/x/1", "get a=1"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.target);
    EXPECT_EQ(router.Answer(Get(c.target)).body, c.want);
  }
}

TEST(Router, UnknownPathIs404AndWrongMethod405) {
  const Router router = MakeRouter();
  EXPECT_EQ(router.Answer(Get("/nothing")).status, 404);
  EXPECT_EQ(router.Answer(Get("/x/1/2")).status, 404);
  const Response wrong = router.Answer(Get("/x/1", Method::kDelete));
  EXPECT_EQ(wrong.status, 405);
  EXPECT_EQ(wrong.headers.Get("Allow"), "GET, POST");
  EXPECT_EQ(router.Answer(Get("/x/1", Method::kHead)).status, 200);
  std::string deep;
  for (int i = 0; i < 10'000; ++i) deep += "/a";
  EXPECT_EQ(router.Answer(Get(deep)).status, 404);
}

TEST(Router, WrapsEverythingLastAddedOutermost) {
  Router router = MakeRouter();
  for (const char* name : {"inner", "outer"}) {
    router.Wrap([name](const Request& request, const Handler& next) {
      Response response = next(request);
      response.headers.Add("Passed", name);
      return response;
    });
  }
  router.Fallback(Named("fallback"));
  const Response found = router.Answer(Get("/"));
  EXPECT_EQ(found.headers.GetAll("Passed"), (std::vector<std::string_view>{"inner", "outer"}));
  const Response fallback = router.Answer(Get("/nothing"));
  EXPECT_EQ(fallback.body, "fallback");
  EXPECT_EQ(fallback.headers.GetAll("Passed").size(), 2U);
}

}  // namespace
}  // namespace narthex::http
