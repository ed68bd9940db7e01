using System.Diagnostics;
using System.Globalization;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Data;
using CampaignManager.Application.Offers;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Offers.Pricing;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Benchmarks;

/// <summary>Live campaigns in the tables, and how long it takes to hold them ready.</summary>
internal static class LiveSet
{
    private const int Brands = 200;

    public static LiveCampaign Limited(LiveCampaign campaign) =>
        campaign with { Rules = campaign.Rules with { Limits = campaign.Rules.Limits with { Budget = 900_000_000, UsesPerCustomer = 1_000_000, UsesPerDay = 1_000_000_000 } } };

    public static LiveCampaign[] OneBrandEach() => [.. Enumerable.Range(0, Brands).Select(i => Limited(new LiveCampaign("c" + i.ToString(CultureInfo.InvariantCulture), new CampaignRules
    {
        Offer = new PercentOff { Tiers = [new PercentTier(null, 5 + (i % 20))] },
        Scope = new Scope { Include = new ScopeSelector { Brands = ["b" + i.ToString(CultureInfo.InvariantCulture)] } },
    })))];

    public static Cart SmallCart(int n) => new()
    {
        Currency = "CNY",
        Shipping = 10_00,
        CustomerId = "u" + (n % 20_000).ToString(CultureInfo.InvariantCulture),
        Lines = [.. Enumerable.Range(0, 3).Select(i => new CartLine { Id = "l" + i, Sku = "S-" + n, Brand = "b" + ((n * 7) + (i * 61)) % Brands, Quantity = 1 + i, UnitPrice = 10_00 + (n % 5000), TaxRate = 13 })],
    };

    /// <summary>As launching leaves them.</summary>
    public static async Task SeedAsync(AppDbContext context, LiveCampaign[] campaigns)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        foreach (var campaign in campaigns)
        {
            var (rules, id) = (campaign.Rules, Guid.CreateVersion7());
            context.Campaigns.Add(new Campaign
            {
                Id = id,
                Name = campaign.Id,
                Status = CampaignStatus.Live,
                RulesJson = RulesJson.Write(rules),
                OfferType = rules.Offer.Type,
                Currency = rules.Currency,
                BudgetMinor = rules.Limits.Budget is { } budget ? (long)(budget * 100) : null,
                OwnerId = "bench",
                OwnerName = "bench",
                HoldoutSalt = Guid.NewGuid().ToString("N"),
                LaunchedHoldoutShare = 0.1,
                LaunchedAt = now,
                CreatedAt = now,
                UpdatedAt = now,
            });
            context.CampaignVersions.Add(new CampaignVersion { Id = Guid.CreateVersion7(), CampaignId = id, Number = 1, RulesJson = RulesJson.Write(rules), ActorName = "bench", CreatedAt = now });
        }

        await context.SaveChangesAsync();
    }

    /// <summary>How long a change keeps the quotes waiting: compiling alone, loading from the database, and looking whether anything has changed.</summary>
    public static async Task MeasureAsync()
    {
        await using var room = await BenchRoom.OpenAsync();
        var campaigns = QuoteBenchmark.Mixed();
        await using (var context = await room.Get<IDbContextFactory<AppDbContext>>().CreateDbContextAsync())
            await SeedAsync(context, campaigns);
        var live = room.Get<LiveOffers>();
        var compile = await BestAsync(() => Task.FromResult(CompiledCampaigns.Of(campaigns)));
        var look = await BestAsync(async () => await live.CurrentAsync(default, lookAgain: true));
        var load = await BestAsync(async () =>
        {
            using var fresh = new LiveOffers(room.Get<IDbContextFactory<AppDbContext>>(), room.Get<Application.Settings.SettingsService>(), TimeProvider.System);
            await fresh.CurrentAsync(default);
        });
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""

            | the live set of {campaigns.Length} campaigns | best of 20 |
            |---|---:|
            | compiled | {compile:0.0} ms |
            | loaded from SQLite, checked and compiled | {load:0.0} ms |
            | looked at, nothing has changed | {look:0.0} ms |
            """));
    }

    private static async Task<double> BestAsync(Func<Task> work)
    {
        var best = double.MaxValue;
        for (var i = 0; i < 20; i++)
        {
            var from = Stopwatch.GetTimestamp();
            await work();
            best = Math.Min(best, Stopwatch.GetElapsedTime(from).TotalMilliseconds);
        }

        return best;
    }
}
