using CampaignManager.Engine.Audiences.Predicates;
using CampaignManager.Web.Audiences;

namespace CampaignManager.Web.Tests.Audiences;

public sealed class RuleNodeTests
{
    [Theory]
    [InlineData("""{"and":[{"segment":"new"},{"segment":"favourite:shoes"}]}""")]
    [InlineData("""{"or":[{"attribute":"memberTier","in":["gold","silver"]},{"not":{"or":[{"attribute":"emailOptIn","is":false},{"since":"order","atLeast":30,"atMost":90}]}}]}""")]
    [InlineData("""{"and":[{"did":"views","of":{"category":"shoes"},"days":30,"atLeast":3},{"did":"spend","atLeast":99.5},{"rfm":"monetary","atLeast":4},{"score":"uplift","atLeast":0.015}]}""")]
    public void Read_AfterRoot_IsTheSame(string json) => Assert.Equal(json, PredicateJson.Write(RuleNode.Root(PredicateJson.Parse(json)).Read()!));

    [Fact]
    public void Read_EveryKindUnfinished_IsNothingYet()
    {
        foreach (var kind in RuleNode.Leaves.Where(k => k is not (RuleKind.EmailOptIn or RuleKind.OptOutMarketing)))
        {
            var leaf = new RuleNode { Kind = kind };
            Assert.Null(new RuleNode { Parts = { leaf } }.Read());
            Assert.NotNull(leaf.Problem);
        }

        Assert.Null(new RuleNode().Read());
        Assert.Equal(RuleProblem.NoParts, new RuleNode().Problem);
    }

    [Theory]
    [InlineData(RuleKind.Recency, 0.0, null, RuleProblem.OutOfRange)]
    [InlineData(RuleKind.Uplift, null, 101.0, RuleProblem.OutOfRange)]
    [InlineData(RuleKind.Views, 2.5, null, RuleProblem.NotWhole)]
    [InlineData(RuleKind.Spend, 20.0, 10.0, RuleProblem.Crossed)]
    [InlineData(RuleKind.Spend, 2.5, null, null)]
    public void Problem_OfBounds_IsWhatTheReadingRefuses(RuleKind kind, double? least, double? most, RuleProblem? problem)
    {
        var line = new RuleNode { Kind = kind, AtLeast = (decimal?)least, AtMost = (decimal?)most };
        Assert.Equal(problem, line.Problem);
        Assert.Equal(problem is null, new RuleNode { Parts = { line } }.Read() is not null);
    }

    [Fact]
    public void Read_SomethingNoLineKnowsOf_IsSaidAtTheLineItStandsIn()
    {
        var far = new RuleNode { Kind = RuleKind.Country, Words = [new string('x', PredicateJson.LongestWord + 1)] };
        var group = new RuleNode { Kind = RuleKind.None, Parts = { RuleNode.Condition(), far } };
        var root = new RuleNode { Parts = { RuleNode.Condition(), group } };
        Assert.Null(root.Read());
        Assert.StartsWith("A text of", far.Refused, StringComparison.Ordinal);
        Assert.Null(group.Parts[0].Refused);
        far.Words = ["CN"];
        Assert.NotNull(root.Read());
        Assert.Null(far.Refused);
    }
}
