using CampaignManager.Application.Experiments.Outcomes;
using CampaignManager.Engine.Experiments.Sums;

namespace CampaignManager.Application.Tests.Experiments.Outcomes;

public class OutcomeServiceTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ReadAsync_NobodyDrawnAtRandom_IsNull()
    {
        await using var shop = await AShopWithCampaigns.OpenAsync();
        var everyone = await shop.CampaignAsync("for everyone");
        shop.Exposed(everyone, "2026-06-01", 1, ["T1", "T2"], []);

        Assert.Null(await shop.Outcomes.ReadAsync(everyone, Cancel));
        Assert.Null(await shop.Outcomes.ReadAsync(Guid.NewGuid(), Cancel));
    }

    [Fact]
    public async Task ReadAsync_HandMadeShop_MatchesTheHandCalculation()
    {
        await using var shop = await AShopWithCampaigns.OpenAsync();
        var a = await HandMadeAsync(shop);

        var sums = (await shop.Outcomes.ReadAsync(a, Cancel))!;

        Assert.Equal((new DateTime(2026, 6, 19), true, (long?)null), (sums.ClosesAt, sums.Provisional, sums.Cap));
        var final = Reading(sums, OutcomeReading.Final);
        // T1: 250 paid, after 30 given, for what cost 160; half of the money came back, so half of 90. T2: 100 at 30 %, and on the 16th another.
        Assert.Equal(Sum(0, 0, 4500, 6000), Of(final, "current", OutcomeMetric.NetProfit));
        Assert.Equal(Sum(0, 0, 7500, 6000), Of(final, "current", OutcomeMetric.Margin));
        Assert.Equal(Sum(0, 0, 25000, 20000), Of(final, "current", OutcomeMetric.Revenue));
        Assert.Equal(Sum(0, 0, 12500, 0), Of(final, "current", OutcomeMetric.Returns));
        Assert.Equal(Sum(0, 0, 3000, 0), Of(final, "current", OutcomeMetric.Discount));
        Assert.Equal(Sum(0, 0, 1, 2), Of(final, "current", OutcomeMetric.Orders));
        Assert.Equal(OutcomeSums.OfProportion(2, 4), Of(final, "current", OutcomeMetric.Conversion));
        Assert.Equal(Sum(0, 0, 2, 0), Of(final, "current", OutcomeMetric.Units));
        Assert.Equal(Sum(0, 0, 8000), Of(final, "control", OutcomeMetric.NetProfit));
        // The second order of T2 and nothing else lies between the 14th day and the end of the window.
        Assert.Equal(Sum(0, 0, 25000, 10000), Of(Reading(sums, OutcomeReading.FirstDays, 14), "current", OutcomeMetric.Revenue));
        Assert.Equal(Sum(0, 0, 0), Of(Reading(sums, OutcomeReading.FirstDays, 3), "control", OutcomeMetric.Revenue));
        Assert.Equal(final.Arms.Select(x => x.Metrics[OutcomeMetric.Revenue]), Reading(sums, OutcomeReading.SoFar).Arms.Select(x => x.Metrics[OutcomeMetric.Revenue]));
        Assert.DoesNotContain(sums.Epochs[0].Readings, r => r.Reading == OutcomeReading.After);
    }

    [Fact]
    public async Task ReadAsync_BeforeAssignment_IsTheCovariateAndMissingOfWhoCameLater()
    {
        await using var shop = await AShopWithCampaigns.OpenAsync();
        var a = await HandMadeAsync(shop);
        shop.Customers("2026-05-25", "N1", "N2");
        shop.Exposed(a, "2026-06-01", 0.5, ["N1"], ["N2"]);
        shop.Order("P1", "N1", "2026-05-28", "food", 500);

        var cross = Reading((await shop.Outcomes.ReadAsync(a, Cancel))!, OutcomeReading.Final).Arms.Single(x => x.Arm == "current").Cross!;

        // T4 ordered for 100 at 30 % in the weeks before; what N1 ordered says nothing of four weeks.
        Assert.Equal((5, 3000, 1), ((int)cross.Count, (int)cross.Sum(1), (int)cross.Sum(2)));
        Assert.Equal(0, (int)cross.Product(1, 2));
    }

    [Fact]
    public async Task ReadAsync_SegmentsAndDays_AddUpToAll()
    {
        await using var shop = await AShopWithCampaigns.OpenAsync();
        var a = await HandMadeAsync(shop);

        var epoch = Assert.Single((await shop.Outcomes.ReadAsync(a, Cancel))!.Epochs);

        foreach (var reading in epoch.Readings)
        {
            foreach (var dimension in reading.Segments.GroupBy(s => s.Dimension))
            {
                foreach (var arm in reading.Arms)
                {
                    var parts = dimension.SelectMany(s => s.Arms).Where(x => x.Arm == arm.Arm).ToList();
                    Assert.Equal(arm.Metrics[OutcomeMetric.NetProfit], parts.Aggregate(default(OutcomeSums), (all, x) => all + x.Metrics[OutcomeMetric.NetProfit]));
                    Assert.Equal(arm.Cross, parts.Aggregate(CrossSums.None(ArmCell.CrossColumns), (all, x) => all.Plus(x.Cross!)));
                }
            }
        }

        Assert.Equal([("control", 3L), ("current", 4L)], epoch.Assigned.Where(x => x.Dimension == "").Select(x => (x.Arm, x.Customers)));
        Assert.Equal(7, epoch.Assigned.Where(x => x.Dimension == "region" && x.Segment == "east").Sum(x => x.Customers));
    }

    /// <summary>A campaign from the 1st to the 5th, so that its windows close on the 19th.</summary>
    private static async Task<Guid> HandMadeAsync(AShopWithCampaigns shop)
    {
        shop.Products("food", "home");
        var a = await shop.CampaignAsync("A", "2026-06-05", ["home"]);
        shop.Customers("2025-01-01", "T1", "T2", "T3", "T4", "K1", "K2", "K3");
        shop.Exposed(a, "2026-06-01", 0.5, ["T1", "T2", "T3", "T4"], ["K1", "K2", "K3"]);
        shop.Order("O1", "T1", "2026-06-03 10:00", "home", 150, cost: 80, quantity: 2, coupon: 20, campaign: a, given: 30);
        shop.Refund("O1", "T1", "2026-06-25", 125);
        shop.Order("O2", "T2", "2026-06-10", "food", 100);
        shop.Order("O3", "T2", "2026-06-16", "food", 100);
        shop.Order("O4", "T4", "2026-05-20", "food", 100);
        shop.Order("O5", "K1", "2026-06-05", "home", 200, cost: 120);
        shop.Order("O6", "K2", "2026-06-30 11:00", "home", 200);
        return a;
    }

    private static ReadingSums Reading(ExperimentSums sums, OutcomeReading reading, int days = 0) =>
        sums.Epochs.SelectMany(e => e.Readings).Single(r => r.Reading == reading && r.Days == days);

    private static OutcomeSums Of(ReadingSums reading, string arm, OutcomeMetric metric) => reading.Arms.Single(a => a.Arm == arm).Metrics[metric];

    private static OutcomeSums Sum(params long[] values) => OutcomeSums.Of(values);
}
