using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Experiments;
using CampaignManager.Application.Experiments.Outcomes;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Settings;
using CampaignManager.Application.Tests.Campaigns;
using CampaignManager.Application.Tests.Data;
using CampaignManager.Application.Tests.Lake;
using CampaignManager.Engine.Offers;
using Microsoft.Extensions.Time.Testing;

namespace CampaignManager.Application.Tests.Experiments;

/// <summary>A lake and a database made by hand, at noon UTC of 30 June 2026.</summary>
internal sealed class AShopWithCampaigns : IAsyncDisposable
{
    private readonly ALake lake = new();
    private readonly ADatabase database;

    private AShopWithCampaigns(ADatabase database)
    {
        this.database = database;
        Effects = new EffectService(lake.Lake, database, new SettingsService(database), Clock);
        Outcomes = new OutcomeService(lake.Lake, database, new SettingsService(database), Clock);
    }

    public FakeTimeProvider Clock { get; } = Clocks.At("2026-06-30T12:00:00Z");

    public EffectService Effects { get; }

    public OutcomeService Outcomes { get; }

    public ADatabase Database => database;

    public ALake Lake => lake;

    public static async Task<AShopWithCampaigns> OpenAsync() => new(await ADatabase.EmptyAsync());

    public Task<Guid> CampaignAsync(string name, params string[] categories) => CampaignAsync(name, null, categories);

    /// <param name="ends">UTC; null: no end is planned.</param>
    public async Task<Guid> CampaignAsync(string name, string? ends, string[] categories)
    {
        var rules = new CampaignRules { Scope = new Scope { Include = categories.Length == 0 ? null : new ScopeSelector { Categories = categories } } };
        var campaign = new Campaign
        {
            Id = Guid.CreateVersion7(),
            Name = name,
            Status = CampaignStatus.Ended,
            RulesJson = RulesJson.Write(rules),
            OfferType = rules.Offer.Type,
            Currency = "CNY",
            OwnerId = "mia",
            OwnerName = "Mia",
            HoldoutSalt = name,
            EndsAt = ends is null ? null : DateTime.SpecifyKind(DateTime.Parse(ends, System.Globalization.CultureInfo.InvariantCulture), DateTimeKind.Utc),
            LaunchedAt = new DateTime(2026, 6, 1, 0, 0, 0, DateTimeKind.Utc),
            LaunchedHoldoutShare = 0.5,
        };
        await using var context = database.CreateDbContext();
        context.Campaigns.Add(campaign);
        await context.SaveChangesAsync();
        return campaign.Id;
    }

    public void Customers(string joined, params string[] ids) =>
        lake.Put(LakeTable.Customers, Rows(ids.Select(id => $"('{id}', TIMESTAMP '{joined}', 'east', 'app', 'ios')")));

    public void Exposed(Guid campaign, string at, double propensity, string[] treated, string[] control) => lake.Put(
        LakeTable.Exposures,
        Rows(treated.Select(c => $"('{campaign}', '{c}', TIMESTAMP '{at}', 1, {propensity}::DOUBLE)").Concat(control.Select(c => $"('{campaign}', '{c}', TIMESTAMP '{at}', 0, {propensity}::DOUBLE)"))));

    /// <summary>An order of one line. Money in whole yuan.</summary>
    public void Order(string id, string customer, string at, string category, int price, int? cost = null, int quantity = 1, int coupon = 0, Guid? campaign = null, int given = 0)
    {
        var by = campaign is { } c ? $"'{c}'" : "NULL::VARCHAR";
        lake.Put(LakeTable.Orders, $"('{id}', '{customer}', TIMESTAMP '{at}', 'app', {price * quantity * 100}, {(coupon + given) * 100}, 0, {((price * quantity) - coupon - given) * 100}, {by}, {given * 100})");
        lake.Put(
            LakeTable.OrderLines,
            $"('{id}', '{customer}', TIMESTAMP '{at}', 'S-{category}', '{category}', {quantity}, {price * 100}, {(coupon + given) * 100}, {(cost is { } unit ? unit * 100 : "NULL::BIGINT")}, {given * 100})");
    }

    /// <summary>What came back of an order; without a quantity only money. In whole yuan.</summary>
    public void Refund(string order, string customer, string at, int goods, int? line = null, int? quantity = null)
    {
        static string Or(int? value) => value is { } v ? $"{v}" : "NULL::INTEGER";
        lake.Put(LakeTable.Refunds, $"('R{order}', '{order}', {Or(line)}, '{customer}', TIMESTAMP '{at}', 'file', {Or(quantity)}, {goods * 100}, 0, 0)");
    }

    public void Products(params string[] categories) =>
        lake.Put(LakeTable.Products, Rows(categories.Select(c => $"('S-{c}', '{c}', '{c}', '{c}', 'B', 1000, NULL::BIGINT)")));

    public async ValueTask DisposeAsync()
    {
        Effects.Dispose();
        Outcomes.Dispose();
        lake.Dispose();
        database.Dispose();
        await Task.CompletedTask;
    }

    private static string Rows(IEnumerable<string> rows) => string.Join(", ", rows);
}
