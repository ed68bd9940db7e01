using System.Globalization;
using System.Text.Json;
using CampaignManager.Engine.Audiences.Predicates;

namespace CampaignManager.Engine.Tests.Audiences;

public sealed class PredicateTests
{
    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en");
    private static readonly CultureInfo Chinese = CultureInfo.GetCultureInfo("zh-CN");

    private static IEnumerable<(Predicate A, Predicate B, ICustomerFacts Facts)> Random() => Enumerable.Range(0, 2000).Select(seed =>
    {
        var any = new APredicate(seed);
        return (any.Any(), any.Any(), (ICustomerFacts)any.Customer());
    });

    [Fact]
    public void Holds_NotOfNot_IsTheSame()
    {
        foreach (var (a, _, facts) in Random())
            Assert.Equal(a.Holds(facts), new Not(new Not(a)).Holds(facts));
    }

    [Fact]
    public void Holds_DeMorgan_IsTheSame()
    {
        foreach (var (a, b, facts) in Random())
        {
            Assert.Equal(new Not(new Every([a, b])).Holds(facts), new Some([new Not(a), new Not(b)]).Holds(facts));
            Assert.Equal(new Not(new Some([a, b])).Holds(facts), new Every([new Not(a), new Not(b)]).Holds(facts));
        }
    }

    [Fact]
    public void Holds_RandomCustomers_KnowsAllThreeAnswers()
    {
        var answers = Random().Select(r => r.A.Holds(r.Facts)).Distinct().ToList();
        Assert.Equal(3, answers.Count);
    }

    [Fact]
    public void Holds_NotKnown_IsNeitherInNorOutOfItsNegation()
    {
        var nothing = new NothingKnown();
        Predicate views = new Did(Doing.Views, null, 30, new Bounds(null, 0));
        Assert.Null(views.Holds(nothing));
        Assert.Null(new Not(views).Holds(nothing));
        // What is known decides where it can.
        Assert.False(new Every([views, new InSegment("new")]).Holds(nothing));
        Assert.True(new Some([views, new Not(new InSegment("new"))]).Holds(nothing));
    }

    [Fact]
    public void Write_ThenRead_IsTheSame()
    {
        foreach (var (a, _, _) in Random())
        {
            var json = PredicateJson.Write(a);
            Assert.Equal(json, PredicateJson.Write(PredicateJson.Parse(json)));
        }
    }

    [Fact]
    public void Of_BothLanguages_EveryConditionStandsInTheSentence()
    {
        foreach (var (a, _, _) in Random())
        {
            foreach (var culture in (CultureInfo[])[English, Chinese])
            {
                var sentence = PredicateSentence.Of(a, culture);
                Assert.All(a.Conditions(), leaf => Assert.Contains(PredicateSentence.Part(leaf, culture), sentence, StringComparison.Ordinal));
                Assert.Equal(a.Conditions().Count(), a.Conditions().Select(l => PredicateSentence.Part(l, culture)).Count(p => p.Length > 0));
            }
        }
    }

    [Fact]
    public void Of_DifferentConditions_AreDifferentSentences()
    {
        var leaves = Enumerable.Range(0, 3000).Select(seed => (Condition)new APredicate(seed).Leaf()).DistinctBy(PredicateJson.Write).ToList();
        foreach (var culture in (CultureInfo[])[English, Chinese])
            Assert.Equal(leaves.Count, leaves.Select(l => PredicateSentence.Part(l, culture)).Distinct().Count());
    }

    [Theory]
    [InlineData("""{"and":[{"segment":"new"},{"did":"views","of":{"category":"shoes"},"days":30,"atLeast":3}]}""",
        "Customers who are in “new” and looked at shoes at least 3 times in the last 30 days.", "属于“new”，且近30天浏览shoes至少3次的客户。")]
    [InlineData("""{"or":[{"attribute":"memberTier","in":["gold","silver"]},{"not":{"did":"orders","atMost":0}}]}""",
        "Customers who have the member tier gold or silver or are not among those who (placed orders not once so far).", "会员等级为gold或silver，或不满足（至今下单0次）的客户。")]
    [InlineData("""{"and":[{"or":[{"attribute":"emailOptIn","is":true},{"rfm":"monetary","atLeast":4}]},{"since":"order","atLeast":30,"atMost":90}]}""",
        "Customers who (agreed to e-mails or have a score of at least 4 for money spent (1 to 5)) and last ordered 30 to 90 days ago.",
        "（同意接收邮件，或额度（M）评分至少4（1至5分）），且距上次下单30至90天的客户。")]
    [InlineData("""{"did":"spend","of":{"brand":"Acme"},"days":365,"atLeast":1000}""",
        "Customers who paid at least 1,000 for the brand Acme in the last 365 days.", "近365天品牌Acme消费至少1,000的客户。")]
    public void Of_Predicate_ReadsAsASentence(string json, string english, string chinese)
    {
        var predicate = PredicateJson.Parse(json);
        Assert.Equal(english, PredicateSentence.Of(predicate, English));
        Assert.Equal(chinese, PredicateSentence.Of(predicate, Chinese));
    }

    [Theory]
    [InlineData("[]", "predicate")]
    [InlineData("""{}""", "predicate")]
    [InlineData("""{"and":[]}""", "predicate.and")]
    [InlineData("""{"and":[{"segment":"new"}],"or":[]}""", "predicate")]
    [InlineData("""{"and":[{"segment":"new"},{"segment":"new","extra":1}]}""", "predicate.and[1].extra")]
    [InlineData("""{"segment":"new","segment":"loyal"}""", "predicate.segment")]
    [InlineData("""{"segment":"audience:other"}""", "predicate.segment")]
    [InlineData("""{"segment":""}""", "predicate.segment")]
    [InlineData("""{"attribute":"shoeSize","in":["42"]}""", "predicate.attribute")]
    [InlineData("""{"attribute":"region","in":[]}""", "predicate.in")]
    [InlineData("""{"attribute":"region","in":["a",7]}""", "predicate.in[1]")]
    [InlineData("""{"attribute":"emailOptIn","is":"yes"}""", "predicate.is")]
    [InlineData("""{"attribute":"emailOptIn","in":["a"]}""", "predicate.in")]
    [InlineData("""{"since":"joined"}""", "predicate")]
    [InlineData("""{"since":"joined","atLeast":-1}""", "predicate.atLeast")]
    [InlineData("""{"since":"birthday","atLeast":1}""", "predicate.since")]
    [InlineData("""{"did":"views","atLeast":1.5}""", "predicate.atLeast")]
    [InlineData("""{"did":"views","atLeast":1e40}""", "predicate.atLeast")]
    [InlineData("""{"did":"views","atLeast":5,"atMost":2}""", "predicate.atMost")]
    [InlineData("""{"did":"views","days":0,"atLeast":1}""", "predicate.days")]
    [InlineData("""{"did":"views","of":{"colour":"red"},"atLeast":1}""", "predicate.of")]
    [InlineData("""{"did":"views","of":{"sku":"a","brand":"b"},"atLeast":1}""", "predicate.of")]
    [InlineData("""{"rfm":"recency","atLeast":6}""", "predicate.atLeast")]
    [InlineData("""{"score":"uplift","atLeast":2}""", "predicate.atLeast")]
    [InlineData("""{"not":[{"segment":"new"}]}""", "predicate.not")]
    public void Read_BadInput_SaysWhere(string json, string path)
    {
        using var document = JsonDocument.Parse(json);
        Assert.Null(PredicateJson.Read(document.RootElement, "predicate", out var errors));
        Assert.Contains(errors, e => e.Path == path);
        Assert.All(errors, e => Assert.NotEmpty(e.Message));
    }

    [Fact]
    public void Read_TooDeepOrTooMany_IsRefused()
    {
        var deep = string.Concat(Enumerable.Repeat("{\"not\":", PredicateJson.MostDepth)) + "{\"segment\":\"new\"}" + new string('}', PredicateJson.MostDepth);
        var many = $"{{\"or\":[{string.Join(",", Enumerable.Repeat("{\"segment\":\"new\"}", PredicateJson.MostConditions + 1))}]}}";
        foreach (var json in (string[])[deep, many])
        {
            using var document = JsonDocument.Parse(json);
            Assert.Null(PredicateJson.Read(document.RootElement, "predicate", out var errors));
            Assert.Single(errors);
        }
    }

    private sealed class NothingKnown : ICustomerFacts
    {
        public IReadOnlyList<string>? Words(WordAttribute attribute) => null;

        public bool? Flag(FlagAttribute attribute) => null;

        public double? Days(SinceWhat what) => null;

        public double? Counted(Doing what, Goods? of, int? days) => null;

        public int? Score(RfmPart part) => null;

        public bool IsIn(string segment) => false;

        public double? Predicted(Prediction of) => null;
    }
}
