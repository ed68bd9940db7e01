using CampaignManager.Application.Planning;

namespace CampaignManager.Application.Tests.Planning;

public sealed class NothingFoundTests
{
    private static readonly SuggestionList Nothing = new([], [], 12, null, 0, 3);

    [Fact]
    public void Find_OtherVersionOrModel_HasToBeSearched()
    {
        var (campaign, model) = (Guid.NewGuid(), Guid.NewGuid());
        var searches = new NothingFound();
        searches.Remember(campaign, 2, model, Nothing);
        Assert.Same(Nothing, searches.Find(campaign, 2, model));
        Assert.Null(searches.Find(campaign, 3, model));
        Assert.Null(searches.Find(campaign, 2, Guid.NewGuid()));
        Assert.Null(searches.Find(Guid.NewGuid(), 2, model));
    }

    [Fact]
    public void Remember_SomethingFound_ForgetsThatThereWasNothing()
    {
        var (campaign, model) = (Guid.NewGuid(), Guid.NewGuid());
        var searches = new NothingFound();
        searches.Remember(campaign, 2, model, Nothing);
        searches.Remember(campaign, 2, model, Nothing with { Open = [null!] });
        Assert.Null(searches.Find(campaign, 2, model));
    }
}
