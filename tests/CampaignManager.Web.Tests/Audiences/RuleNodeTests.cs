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
            Assert.Null(new RuleNode { Parts = { new RuleNode { Kind = kind } } }.Read());
        Assert.Null(new RuleNode().Read());
    }
}
