using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Planning;

namespace CampaignManager.Engine.Tests.Planning;

public sealed class MovesTests
{
    private static readonly string[] Categories = ["books", "home", "kitchen", "shoes"];

    private static readonly CampaignRules Rules = new()
    {
        Offer = new FullReduction { Tiers = [new SpendTier(200, 30)] },
        Scope = new Scope { Include = new ScopeSelector { Categories = ["shoes"] } },
        Audience = new Audience { AnyOf = ["new", "active"] },
    };

    [Fact]
    public void Widen_OneOfSeveralSegments_ChangesOnlyThatSegmentsScope()
    {
        var move = ScopeMoves.Widen(Rules, "new", ["shoes"], ["kitchen"], Categories, onlySegment: false);
        Assert.Equal(["shoes"], move.After.Scope.Include!.Categories);
        var special = Assert.Single(move.After.Scope.PerSegment);
        Assert.Equal(("new", "kitchen,shoes"), (special.Segment, string.Join(',', special.Categories)));
    }

    [Fact]
    public void Widen_OnlySegment_ChangesTheCampaignsScope()
    {
        var move = ScopeMoves.Widen(Rules, "new", ["shoes"], ["kitchen"], Categories, onlySegment: true);
        Assert.Equal(["kitchen", "shoes"], move.After.Scope.Include!.Categories);
        Assert.Empty(move.After.Scope.PerSegment);
    }

    [Fact]
    public void Singles_OneCategoryInScope_NeverEmptiesTheScope()
    {
        var moves = ScopeMoves.Singles(Rules, "new", ["shoes"], Categories, onlySegment: true).ToList();
        Assert.Equal(3, moves.Count);
        Assert.All(moves, m => Assert.Equal(MoveKind.WidenScope, m.Kind));
    }

    [Fact]
    public void DropThenAdd_Segment_GivesTheAudienceBack()
    {
        var dropped = AudienceMoves.Drop(Rules, "new").After;
        Assert.Equal(["active"], dropped.Audience.AnyOf);
        Assert.Equal(["active", "new"], AudienceMoves.Add(dropped, "new").After.Audience.AnyOf);
    }

    [Fact]
    public void Drop_EveryoneInAudience_ExcludesTheSegment()
    {
        var everyone = Rules with { Audience = new Audience() };
        Assert.Equal(["lapsed"], AudienceMoves.Drop(everyone, "lapsed").After.Audience.NoneOf);
    }

    [Fact]
    public void Grid_FullReduction_TidyAscendingAndNeverMoreThanTheSpend()
    {
        var moves = OfferMoves.Grid(Rules with { Offer = new FullReduction { Tiers = [new SpendTier(100, 60), new SpendTier(200, 130)] } });
        Assert.NotEmpty(moves);
        Assert.All(moves, move =>
        {
            var tiers = Assert.IsType<FullReduction>(move.Offer).Tiers;
            Assert.All(tiers, t => Assert.True(t.Off < t.Spend && OfferMoves.Tidy(t.Spend) == t.Spend && OfferMoves.Tidy(t.Off) == t.Off));
            Assert.True(tiers[0].Spend < tiers[1].Spend && tiers[0].Off < tiers[1].Off);
        });
        Assert.Equal(moves.Count, moves.Select(m => m.Offer).Distinct().Count());
    }

    [Fact]
    public void Grid_OfferWithoutTerms_Empty() => Assert.Empty(OfferMoves.Grid(Rules with { Offer = new FreeShipping() }));
}
