#include <gtest/gtest.h>

#include <set>

#include "index/index_file.h"
#include "index/memory_index.h"
#include "some_series.h"

namespace narthex::index {
namespace {

using model::LabelSet;
using model::Matcher;
using model::MatchType;

std::string TextOf(const std::vector<Matcher>& matchers) {
  std::string text;
  for (const Matcher& matcher : matchers) text += matcher.ToString() + " ";
  return text;
}

// What an index must answer, found by looking at every series. Null: no longer there.
using Series = std::vector<const LabelSet*>;

void ExpectAnswers(const LabelIndex& index, const Series& series,
                   const std::vector<Matcher>& matchers) {
  std::vector<SeriesId> ids;
  std::set<std::string> names;
  std::set<std::string> values;
  for (std::size_t i = 0; i < series.size(); ++i) {
    if (series[i] == nullptr || !model::MatchesAll(matchers, *series[i])) continue;
    ids.push_back(static_cast<SeriesId>(i));
    for (const model::Label& label : *series[i]) names.emplace(label.name);
    if (series[i]->Has("pod")) values.emplace(series[i]->Get("pod"));
  }
  ASSERT_EQ(SelectSeries(index, matchers).value(), ids);
  ASSERT_EQ(SelectNames(index, matchers).value(),
            std::vector<std::string>(names.begin(), names.end()));
  ASSERT_EQ(SelectValues(index, "pod", matchers).value(),
            std::vector<std::string>(values.begin(), values.end()));

  const auto labels = [&](SeriesId id) -> const LabelSet& { return *series[id]; };
  std::vector<SeriesId> got = ids;
  ASSERT_TRUE(index.SortByLabels(got).ok());
  std::ranges::sort(ids, {}, labels);
  ASSERT_EQ(got, ids);
}

Series PointersTo(const std::vector<LabelSet>& all) {
  Series series;
  for (const LabelSet& labels : all) series.push_back(&labels);
  return series;
}

void AddAll(MemoryIndex& index, const std::vector<LabelSet>& series) {
  for (std::size_t i = 0; i < series.size(); ++i) index.Add(static_cast<SeriesId>(i), series[i]);
}

TEST(SelectSeries, AgreesWithTheMatchersInEveryIndex) {
  const std::vector<LabelSet> series = SomeSeries();
  MemoryIndex memory;
  AddAll(memory, series);
  const std::string bytes = MakeFile(series);
  const auto file = IndexFile::Open(bytes);
  ASSERT_TRUE(file.ok()) << file.error().message();

  using Type = MatchType;
  using Condition = std::tuple<Type, std::string, std::string>;
  const std::vector<std::vector<Condition>> selections = {
      {},
      {{Type::kEqual, "__name__", "up"}},
      {{Type::kEqual, "__name__", "u"}},
      {{Type::kEqual, "__name__", "none"}},
      {{Type::kEqual, "nolabel", ""}},
      {{Type::kEqual, "nolabel", "x"}},
      {{Type::kEqual, "job", ""}},
      {{Type::kNotEqual, "job", ""}},
      {{Type::kNotEqual, "__name__", ""}},
      {{Type::kNotEqual, "job", "api"}},
      {{Type::kRegex, "__name__", "http_.*"}},
      {{Type::kRegex, "__name__", ".+"}},
      {{Type::kRegex, "__name__", ".*"}},
      {{Type::kNotRegex, "__name__", ".+"}},
      {{Type::kNotRegex, "__name__", "a*"}},
      {{Type::kRegex, "__name__", "up|http_errors_total|nope"}},
      {{Type::kRegex, "__name__", "up|http_errors_total|http_requests_total"}},
      {{Type::kNotRegex, "__name__", "up|http_errors_total|http_requests_total"}},
      {{Type::kNotRegex, "__name__", "up|http_errors_total"}},
      {{Type::kNotRegex, "__name__", "http_.*"}},
      {{Type::kRegex, "job", ".*"}},
      {{Type::kRegex, "job", ".+"}},
      {{Type::kRegex, "job", ".+|"}},
      {{Type::kNotRegex, "job", ".+"}},
      {{Type::kNotRegex, "job", ".*"}},
      {{Type::kRegex, "job", "api|"}},
      {{Type::kNotRegex, "job", "api|"}},
      {{Type::kRegex, "path", "/a.[0-9]+"}},
      {{Type::kEqual, "__name__", "up"}, {Type::kRegex, "i", "[1-3]."}},
      {{Type::kEqual, "__name__", "up"}, {Type::kNotEqual, "job", "api"}},
      {{Type::kEqual, "job", "api"}, {Type::kEqual, "__name__", "up"}},
      {{Type::kNotEqual, "job", "api"}, {Type::kNotEqual, "job", "node"}},
      {{Type::kRegex, "i", "1|2|3|30"}, {Type::kEqual, "job", ""}},
      {{Type::kEqual, "__name__", "up"}, {Type::kEqual, "__name__", "http_errors_total"}},
      {{Type::kNotEqual, "i", "3"},
       {Type::kRegex, "__name__", "up|http.+"},
       {Type::kEqual, "zone", ""}},
  };
  for (const auto& conditions : selections) {
    std::vector<Matcher> matchers;
    for (const auto& [type, name, value] : conditions) {
      matchers.push_back(Matcher::Make(type, name, value).value());
    }
    SCOPED_TRACE(TextOf(matchers));
    ExpectAnswers(memory, PointersTo(series), matchers);
    ExpectAnswers(**file, PointersTo(series), matchers);
  }
}

// Conditions of every type over names and values of RandomSeries.
class RandomMatchers {
 public:
  explicit RandomMatchers(std::mt19937_64& random) : random_(random) {}

  std::vector<Matcher> Make() {
    std::vector<Matcher> matchers;
    for (std::size_t i = random_() % 4; i > 0; --i) matchers.push_back(MakeOne());
    return matchers;
  }

 private:
  std::string Pick(std::initializer_list<const char*> texts) {
    return texts.begin()[random_() % texts.size()];
  }

  Matcher MakeOne() {
    static constexpr MatchType kTypes[] = {MatchType::kEqual, MatchType::kNotEqual,
                                           MatchType::kRegex, MatchType::kNotRegex};
    const MatchType type = kTypes[random_() % std::size(kTypes)];
    const std::string name = Pick({"__name__", "le", "pod", "job", "zone", "none"});
    std::string value = "v" + std::to_string(random_() % (name == "pod" ? 2000 : 20));
    if (random_() % 10 == 0) value.clear();
    if (type == MatchType::kRegex || type == MatchType::kNotRegex) value = Expression(value);
    return Matcher::Make(type, name, value).value();
  }

  std::string Expression(const std::string& value) {
    if (random_() % 4 == 0) {
      std::string many = value;
      for (std::size_t i = random_() % 300; i > 0; --i) {
        many += "|v" + std::to_string(random_() % 2000);
      }
      return many;
    }
    return Pick({".*", ".+", "", "v1.*", "v[0-4].*", "v(1|2|x)", "v1|", ".*7.*", ".*9", "v1[0-9]+3",
                 "[^v].*", "v", "(v.*)?", "V.*", "(?i)V1"});
  }

  std::mt19937_64& random_;
};

TEST(SelectSeries, AgreesWithTheMatchersOnRandomSeries) {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937_64 random(seed);
    const std::vector<LabelSet> series = RandomSeries(random, seed == 1 ? 50 : 2500);
    MemoryIndex memory;
    AddAll(memory, series);
    const std::string bytes = MakeFile(series);
    const auto file = IndexFile::Open(bytes);
    ASSERT_TRUE(file.ok());
    RandomMatchers matchers(random);
    for (int i = 0; i < 70; ++i) {
      const std::vector<Matcher> some = matchers.Make();
      SCOPED_TRACE(TextOf(some));
      ASSERT_NO_FATAL_FAILURE(ExpectAnswers(memory, PointersTo(series), some));
      ASSERT_NO_FATAL_FAILURE(ExpectAnswers(**file, PointersTo(series), some));
    }
    EXPECT_TRUE((*file)->status().ok());
  }
}

TEST(SelectSeries, AgreesWithTheMatchersWhileSeriesComeAndGo) {
  constexpr std::uint64_t kSeed = 7;
  SCOPED_TRACE(kSeed);
  std::mt19937_64 random(kSeed);
  const std::vector<LabelSet> series = RandomSeries(random, 4000);
  MemoryIndex memory;
  Series alive(series.size(), nullptr);
  RandomMatchers matchers(random);
  for (std::size_t next = 0; next < series.size();) {
    for (const std::size_t end = std::min(series.size(), next + random() % 400); next < end;
         ++next) {
      memory.Add(static_cast<SeriesId>(next), series[next]);
      alive[next] = &series[next];
    }
    std::vector<SeriesId> removed;
    const std::size_t part = 1 + random() % 10;
    for (SeriesId id = 0; id < next; ++id) {
      if (random() % 10 >= part) continue;
      removed.push_back(id);
      alive[id] = nullptr;
    }
    memory.Remove(removed);
    for (int i = 0; i < 12; ++i) {
      const std::vector<Matcher> some = matchers.Make();
      SCOPED_TRACE(TextOf(some));
      ASSERT_NO_FATAL_FAILURE(ExpectAnswers(memory, alive, some));
    }
    for (std::size_t i = 0; i < next; ++i) {
      ASSERT_EQ(memory.Find(series[i]).has_value(), alive[i] != nullptr);
    }
    std::size_t sum = 0;
    memory.VisitValues("__name__", [&](std::string_view, std::size_t count) { sum += count; });
    ASSERT_EQ(sum, SelectSeries(memory, std::vector{Matcher::NotEqual("__name__", "")})->size());
  }
}

}  // namespace
}  // namespace narthex::index
