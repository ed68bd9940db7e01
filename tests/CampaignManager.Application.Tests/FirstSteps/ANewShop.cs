using CampaignManager.Application.Accounts;
using CampaignManager.Application.Audiences;
using CampaignManager.Application.Experiments;
using CampaignManager.Application.FirstSteps;
using CampaignManager.Application.Settings;
using CampaignManager.Application.ShopData.Rows;
using CampaignManager.Application.ShopData.Writing;
using CampaignManager.Application.Tests.Behaviour;
using CampaignManager.Application.Tests.ShopData.Writing;
using CampaignManager.Application.TrainingData;
using CampaignManager.Engine.Offers.Pricing;

namespace CampaignManager.Application.Tests.FirstSteps;

/// <summary>A shop that has just brought its orders.</summary>
internal sealed class ANewShop : IDisposable
{
    public static readonly DateTime End = new(2026, 6, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly AShop shop = new();
    private readonly AudienceReach reach;
    private readonly PastCampaignLogs logs;

    public ANewShop()
    {
        reach = new AudienceReach(shop.Lake);
        logs = new PastCampaignLogs(shop.Lake, new PastCampaignReader(shop.Lake, shop.Database));
        Steps = new FirstStepsService(shop.Lake, reach, _ => Task.FromResult(Model), logs, new SettingsService(shop.Database), shop.Database);
    }

    public FirstStepsService Steps { get; }

    public AShop Shop => shop;

    public RankingModel? Model { get; set; }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async Task<FirstStepsReport> ReadAsync(OfferQuestion? question = null) => (await Steps.ReadAsync(question ?? FirstStepsService.Usual, Stop)).Value;

    public async Task BringAsync(IEnumerable<ReadRow> rows, bool describe = true)
    {
        await new ShopWriter(shop.Lake, TimeProvider.System).WriteAsync(new ImportSource(Guid.NewGuid(), "shop", End), rows, new AWriter.Heard(), null, Stop);
        if (describe)
            await shop.ComputeAsync(End, FeatureScope.Current);
    }

    public async Task SetMarginAsync(decimal percent)
    {
        var change = new SettingsChange("CNY", "Asia/Shanghai", percent, 10, ConflictResolution.BestForCustomer);
        Assert.True((await new SettingsService(shop.Database).SaveAsync(change, null, Actor.System, Stop)).Succeeded);
    }

    /// <summary>A year of orders: some customers order every few weeks, most once or twice.</summary>
    public static IEnumerable<OrderRow> Orders(int customers, string currency = "CNY", long price = 10_000)
    {
        var random = new Random(customers);
        for (var c = 0; c < customers; c++)
        {
            var gap = c % 3 == 0 ? 20 + random.Next(20) : 150 + random.Next(400);
            for (var (day, n) = (1 + random.Next(360), 0); day > 0; day -= gap, n++)
            {
                yield return new OrderRow($"O{c}-{n}", End.AddDays(-day).AddMinutes(-random.Next(1440)), currency, 0)
                {
                    CustomerId = "C" + c,
                    TotalMinor = price * (1 + (n % 3)),
                    Lines = [new OrderLineRow(0, "S1", 1 + (n % 3), price)],
                };
            }
        }
    }

    public void Dispose()
    {
        reach.Dispose();
        logs.Dispose();
        shop.Dispose();
    }
}
