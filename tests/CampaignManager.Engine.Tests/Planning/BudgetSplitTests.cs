using CampaignManager.Engine.Planning;
using CampaignManager.Engine.Statistics;

namespace CampaignManager.Engine.Tests.Planning;

public sealed class BudgetSplitTests
{
    [Fact]
    public void Of_RandomSmallCases_IsWithinItsGapOfTheBestOfAllSplits()
    {
        var random = new SeededRandom(11);
        var exact = 0;
        for (var round = 0; round < 2_000; round++)
        {
            SpendOption[][] campaigns = [.. Enumerable.Range(0, 1 + random.NextInt(4)).Select(_ => Options(random))];
            var budget = random.NextInt(120);
            var split = BudgetSplit.Of(campaigns, budget);
            var best = Brute(campaigns, budget, 0);

            Assert.True(split.Cost <= budget + 1e-9, $"round {round}: {split.Cost} of {budget} spent");
            Assert.Equal(split.Chosen.Select((k, c) => k < 0 ? 0 : campaigns[c][k].Gain).Sum(), split.Gain, 9);
            Assert.Equal(split.Chosen.Select((k, c) => k < 0 ? 0 : campaigns[c][k].Cost).Sum(), split.Cost, 9);
            Assert.True(split.Gain <= best + 1e-9 && best <= split.Bound + 1e-6, $"round {round}: {split.Gain} <= {best} <= {split.Bound}");
            // The relaxation takes one step in part: it is worth at most that step.
            Assert.True(split.Gap <= campaigns.Max(c => c.Max(o => Math.Max(0, o.Gain))) + 1e-6, $"round {round}: gap {split.Gap}");
            exact += split.Gain >= best - 1e-9 ? 1 : 0;
        }

        Assert.True(exact > 1_700, $"best in {exact} of 2,000");
    }

    [Fact]
    public void Of_ManyCampaigns_LeavesASmallGap()
    {
        var random = new SeededRandom(5);
        SpendOption[][] campaigns = [.. Enumerable.Range(0, 60).Select(_ => Options(random))];
        var split = BudgetSplit.Of(campaigns, 500);
        Assert.True(split.Gap <= 0.02 * split.Bound, $"gap {split.Gap} of {split.Bound}");
        Assert.True(split.Price > 0);
    }

    [Fact]
    public void Of_BudgetForEverything_TakesTheBestOfEach()
    {
        SpendOption[][] campaigns = [[new(10, 5), new(30, 9)], [new(5, -2)], [], [new(0, 3), new(0, 4)]];
        var split = BudgetSplit.Of(campaigns, 1_000);
        Assert.Equal([1, -1, -1, 1], split.Chosen);
        Assert.Equal((30, 13, 0, 0), (split.Cost, split.Gain, split.Gap, split.Price));
    }

    [Fact]
    public void Of_NoBudget_TakesWhatCostsNothing() =>
        Assert.Equal([-1, 0], BudgetSplit.Of([[new(10, 5)], [new(0, 2), new(1, 50)]], 0).Chosen);

    [Theory]
    [InlineData(-1, 5, 10)]
    [InlineData(double.NaN, 5, 10)]
    [InlineData(1, double.PositiveInfinity, 10)]
    [InlineData(1, 1, -1)]
    [InlineData(1, 1, double.NaN)]
    public void Of_NumbersThatCannotBe_AreRefused(double cost, double gain, double budget) =>
        Assert.Throws<ArgumentException>(() => BudgetSplit.Of([[new(cost, gain)]], budget));

    private static SpendOption[] Options(SeededRandom random) =>
        [.. Enumerable.Range(0, 1 + random.NextInt(5))
            .Select(_ => new SpendOption(random.NextInt(50), random.NextInt(80) - 15 + random.NextInt(4) / 4.0))];

    private static double Brute(SpendOption[][] campaigns, double left, int at) => at == campaigns.Length ? 0
        : campaigns[at].Where(o => o.Cost <= left)
            .Select(o => o.Gain + Brute(campaigns, left - o.Cost, at + 1)).Append(Brute(campaigns, left, at + 1)).Max();
}
