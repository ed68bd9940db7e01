using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Planning;
using CampaignManager.Engine.Planning;

namespace CampaignManager.Application.Tests.Planning;

/// <summary>Past campaigns of the shop serve as running ones: all that a running one would have is there.</summary>
[Collection(StandardShop.Shared)]
public sealed class LiveMeasurementsTests(StandardShop standard)
{
    [Fact]
    public async Task Read_CampaignThatTheModelLearntFrom_CountsOnlyForAModelThatHasNot()
    {
        var planner = (await standard.Shop.Get<PlannerSource>().GetAsync(CancellationToken.None)).Value;
        var other = new Planner(planner.Model with { CampaignIds = [Guid.NewGuid()] }, planner.Sample);
        var earlier = new Planner(planner.Model with { CampaignIds = [] }, planner.Sample);
        var measurements = standard.Shop.Get<LiveMeasurements>();
        Assert.Equal(10, planner.Model.CampaignIds.Count);
        var found = 0;
        foreach (var id in planner.Model.CampaignIds)
        {
            var rules = (await standard.Shop.Get<CampaignService>().GetAsync(id, CancellationToken.None))!.Rules;
            Assert.Null(await measurements.ReadAsync(id, planner, rules, CancellationToken.None));
            Assert.Null(await measurements.ReadAsync(id, earlier, rules, CancellationToken.None));
            if (await measurements.ReadAsync(id, other, rules, CancellationToken.None) is not { } measured)
                continue;
            found++;
            Assert.Equal(other.WindowDays(rules), measured.Days);
            Assert.True(measured.Customers > 100);
            // The model has learnt from these very customers, so the two cannot be far apart: units and horizon are the same.
            var total = other.Predict(rules).Total;
            var predicted = total.NetProfit / total.Treated;
            Assert.True(Math.Abs(measured.Effect - predicted) < 5 * measured.Error,
                $"{measured.Effect:0.00} ± {measured.Error:0.00}, predicted {predicted:0.00}");
            Assert.True(measured.Error < 20, $"{measured.Error:0.00}");
        }

        Assert.True(found > 0, "no campaign was measured");
    }
}
