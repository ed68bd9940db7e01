using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Data;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Settings;
using CampaignManager.Engine.Offers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Application.Tests.Planning;

/// <summary>Another currency for the demo shop, whose amounts are written in yuan: the same goods, orders and offers at a rate.</summary>
/// <param name="Code">Of the currency.</param>
/// <param name="Rate">What one yuan is in it.</param>
/// <param name="MinorRate">What one fen is in its minor units.</param>
internal sealed record Tender(string Code, decimal Rate, int MinorRate)
{
    public static Tender Dinar { get; } = new("KWD", 1, 10);

    public static Tender Yen { get; } = new("JPY", 100, 1);

    public async Task PutAsync(IServiceProvider services)
    {
        var settings = services.GetRequiredService<SettingsService>();
        var now = await settings.GetAsync(CancellationToken.None);
        var shipping = now.ShippingMinor / 100m * Rate;
        var change = new SettingsChange(Code, now.TimeZone, now.StoreMarginPercent, shipping, now.ConflictResolution);
        var saved = await settings.SaveAsync(change, null, PlannedShop.Admin, CancellationToken.None);
        if (!saved.Succeeded)
            throw new InvalidOperationException(saved.Failure.Message);
        Pay(services.GetRequiredService<DataLake>());
        await using var context = await services.GetRequiredService<IDbContextFactory<AppDbContext>>().CreateDbContextAsync();
        foreach (var campaign in await context.Campaigns.ToListAsync())
        {
            campaign.Currency = Code;
            campaign.RulesJson = RulesJson.Write(Of(RulesJson.Read(campaign.RulesJson)));
        }

        await context.SaveChangesAsync();
    }

    /// <summary>The same rules in this currency.</summary>
    public CampaignRules Of(CampaignRules rules) =>
        rules with { Currency = Code, Offer = Of(rules.Offer), Limits = rules.Limits with { Budget = rules.Limits.Budget * Rate } };

    private Offer Of(Offer offer) => offer switch
    {
        FullReduction full => full with
        {
            Every = full.Every * Rate,
            Off = full.Off * Rate,
            Tiers = [.. full.Tiers.Select(t => new SpendTier(t.Spend * Rate, t.Off * Rate))],
        },
        PercentOff percent => percent with
        {
            Cap = percent.Cap * Rate,
            Tiers = [.. percent.Tiers.Select(t => new PercentTier(t.Spend * Rate, t.Percent))],
        },
        FreeShipping free => free with { Spend = free.Spend * Rate, Cap = free.Cap * Rate },
        _ => throw new ArgumentOutOfRangeException(nameof(offer)),
    };

    private void Pay(DataLake lake)
    {
        if (MinorRate == 1)
            return;
        using var connection = lake.Open();
        foreach (var table in (LakeTable[])[LakeTable.Products, LakeTable.Events, LakeTable.Orders, LakeTable.OrderLines])
        {
            var amounts = table.ColumnList.Split(',', StringSplitOptions.TrimEntries).Select(c => c.Trim('"'))
                .Where(c => c.EndsWith("_minor", StringComparison.Ordinal));
            var columns = string.Join(", ", amounts.Select(c => $"{c} * {MinorRate} AS {c}"));
            foreach (var file in Directory.GetFiles(lake.FolderOf(table), "*.parquet", SearchOption.AllDirectories))
            {
                var paid = $"SELECT * REPLACE ({columns}) FROM read_parquet('{file}', hive_partitioning = false)";
                connection.Run($"COPY ({paid}) TO '{file}.new' (FORMAT parquet)");
                File.Move(file + ".new", file, overwrite: true);
            }
        }
    }
}
