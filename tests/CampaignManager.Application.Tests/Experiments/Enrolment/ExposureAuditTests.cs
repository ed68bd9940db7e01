using CampaignManager.Application.Campaigns.Epochs;
using CampaignManager.Application.Data;
using CampaignManager.Application.Experiments.Enrolment;
using CampaignManager.Application.Lake;
using CampaignManager.Application.ShopData.Writing;
using CampaignManager.Application.Tests.Campaigns;
using Microsoft.EntityFrameworkCore;
using static CampaignManager.Application.Tests.Experiments.Enrolment.AnEnrolment;

namespace CampaignManager.Application.Tests.Experiments.Enrolment;

/// <summary>Whether everybody is in the arm that the hash says, and who got what they should not have had.</summary>
public class ExposureAuditTests
{
    private static readonly DateTime Day = new(2026, 11, 3, 0, 0, 0, DateTimeKind.Utc);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Audit_ArmsOfTheHash_HaveNoMismatch_AndOneIsFound()
    {
        await using var shop = await OpenAsync();
        var id = await shop.LaunchAsync();
        for (var i = 0; i < 30; i++)
            await shop.First.QuoteAsync(Cart($"C-{i}"));
        await shop.First.Compaction.RunAsync(Stop);
        Assert.Equal([new EpochAudit(1, 30, 0, 0)], await AuditAsync(shop, id));

        await using (var context = shop.Database.CreateDbContext())
            await context.ExperimentEpochs.ExecuteUpdateAsync(s => s.SetProperty(e => e.ArmsJson, EpochArm.Write(EpochArm.Two(0.2))), Stop);
        Assert.InRange(Assert.Single(await AuditAsync(shop, id)).Mismatches, 1, 29);
    }

    [Fact]
    public async Task Audit_IdsThatTurnOutToBeOnePerson_AreReadOnceAndTheirSecondArmIsCounted()
    {
        await using var shop = await OpenAsync();
        var id = await shop.LaunchAsync();
        for (var i = 0; i < 12; i++)
        {
            await shop.First.QuoteAsync(Cart($"C-{i}"));
            shop.Time.Advance(TimeSpan.FromMinutes(1));
        }

        await shop.First.Compaction.RunAsync(Stop);
        var there = await shop.ExposuresAsync();
        var (held, treated) = (there.First(e => e.Arm == 0), there.First(e => e.Arm == 1));
        await new ShopWriter(shop.Lake, TimeProvider.System).MergeAsync(new ImportSource(Guid.NewGuid(), "shop", Day), treated.CustomerId, [held.CustomerId], Stop);

        Assert.Equal([new EpochAudit(1, 12, 0, 1)], await AuditAsync(shop, id));
        // The first entry rules, under the id that stays.
        var first = held.Seq < treated.Seq ? held : treated;
        Assert.Equal([$"{treated.CustomerId}|{first.Arm}"], shop.InLake("customer_id, arm").Where(r => r.StartsWith(treated.CustomerId + "|", StringComparison.Ordinal)));
        Assert.Equal(11, shop.InLake().Count);
    }

    [Fact]
    public async Task Leaks_OrdersOfGuestsAndOfThoseHeldOut_AreCounted()
    {
        await using var shop = await OpenAsync();
        var id = await shop.LaunchAsync();
        for (var i = 0; i < 12; i++)
            await shop.First.QuoteAsync(Cart($"C-{i}"));
        await shop.First.Compaction.RunAsync(Stop);
        var there = await shop.ExposuresAsync();
        var (held, treated) = (there.First(e => e.Arm == 0), there.First(e => e.Arm == 1));
        using (var connection = shop.Lake.Open())
        using (var batch = shop.Lake.Begin("test"))
        {
            var rows = string.Join(", ",
                Order("O-1", held.CustomerId, "2026-11-03", $"'{id}'"), Order("O-2", treated.CustomerId, "2026-11-03", $"'{id}'"), Order("O-3", "guest:O-3", "2026-11-03", $"'{id}'"),
                Order("O-4", held.CustomerId, "2026-11-03", "NULL"),
                // Before they were held out.
                Order("O-5", held.CustomerId, "2026-10-03", $"'{id}'"));
            batch.Add(connection, LakeTable.Orders, $"SELECT * FROM (VALUES {rows}) AS t({LakeTable.Orders.ColumnList})", "x");
            batch.Commit();
        }

        Assert.Equal(new Leaks(1, 1), await new LeakCount(shop.Lake, shop.Database).OfAsync(id, Stop));
    }

    [Fact]
    public async Task BeginMeasuring_CampaignFromBefore_DrawsAnewOnceAndForManagersOnly()
    {
        await using var shop = await OpenAsync();
        var id = await shop.LaunchAsync();
        await using (var context = shop.Database.CreateDbContext())
            await context.ExperimentEpochs.ExecuteDeleteAsync(Stop);
        await shop.First.Turns.TurnAsync(Stop);
        var epochs = new EpochService(shop.Database, shop.Time);
        Assert.True(Assert.Single(await epochs.ListAsync(id, Stop)).WaitsForMeasuring);

        Assert.Equal(FailureKind.Forbidden, (await epochs.BeginMeasuringAsync(id, CampaignFixture.Mia, Stop)).Failure!.Kind);
        var begun = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => epochs.BeginMeasuringAsync(id, CampaignFixture.Max, Stop))));

        Assert.Single(begun, b => b.Succeeded);
        Assert.Equal([(1, false), (2, true)], (await epochs.ListAsync(id, Stop)).Select(e => (e.Number, e.Measured)));
        await shop.Start().QuoteAsync(Cart("C-1"));
        Assert.Single(await shop.ExposuresAsync());
    }

    private static Task<IReadOnlyList<EpochAudit>> AuditAsync(AnEnrolment shop, Guid id) => new ExposureAudit(shop.Lake, shop.Database).RunAsync(id, Stop);

    private static string Order(string id, string customer, string day, string campaign) =>
        $"('{id}', '{customer}', TIMESTAMP '{day}', 'web', 1000, 100, 0, 900, {campaign}, 100)";
}
