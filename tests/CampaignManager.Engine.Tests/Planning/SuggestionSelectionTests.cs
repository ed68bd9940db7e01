using CampaignManager.Engine.Planning;
using CampaignManager.Engine.Statistics;

namespace CampaignManager.Engine.Tests.Planning;

public sealed class SuggestionSelectionTests
{
    [Fact]
    public void Select_ByHand_BenjaminiHochbergAndItsIntervals()
    {
        // With so many degrees of freedom t is normal: z = 3, 1.5, 1, −2 give p = .00135, .0668, .1587, .977.
        // Steps q·r/m are .025, .05, .075, .1: only the first passes.
        MoveValue[] moves = [Move(100), Move(300), Move(150), Move(-200)];
        var kept = Assert.Single(SuggestionSelection.Select(moves));
        Assert.Equal(1, kept.Index);
        var half = 100 * StudentT.Quantile(1 - (0.10 / 4 / 2), 1e6);
        Assert.Equal(300 - half, kept.Low, 6);
        Assert.Equal(300 + half, kept.High, 6);
    }

    [Fact]
    public void Select_StepUp_KeepsALaterOneThatCarriesTheEarlier()
    {
        // p = .06 and .07 with m = 2 and steps .05 and .10: the first misses its step, the second passes and carries it.
        MoveValue[] moves = [Move(155.48), Move(147.58)];
        Assert.Equal([0, 1], SuggestionSelection.Select(moves).Select(s => s.Index));
    }

    [Fact]
    public void Select_TooFewCustomers_Left() => Assert.Empty(SuggestionSelection.Select([Move(1000) with { Customers = 199 }]));

    [Fact]
    public void Select_PureNoise_ShowsSomethingInAboutOneInTen()
    {
        var random = new SeededRandom(11);
        var shown = 0;
        const int pages = 2_000;
        for (var page = 0; page < pages; page++)
        {
            var moves = Enumerable.Range(0, 30).Select(_ => Move(100 * random.NextNormal())).ToArray();
            if (SuggestionSelection.Select(moves).Count > 0)
                shown++;
        }

        // Under the global null the false discovery rate is the chance of showing anything: .10, standard error .0067.
        Assert.InRange((double)shown / pages, 0.10 - 0.027, 0.10 + 0.027);
    }

    private static MoveValue Move(double delta) => new(delta, 100, 1e6, 5_000);
}
