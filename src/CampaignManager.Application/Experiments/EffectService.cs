using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Data;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Settings;
using CampaignManager.Engine.Offers;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Experiments;

/// <summary>Measured effects of campaigns. The lake is read once for each state it is in; periods are sums over what was read.</summary>
public sealed class EffectService(DataLake lake, IDbContextFactory<AppDbContext> contexts, SettingsService settings, TimeProvider time) : IDisposable
{
    /// <summary>Lengths of the period, in days, that can be asked for.</summary>
    public static readonly IReadOnlyList<int> Periods = [30, 90, 365];

    public const int UsualPeriod = 90;

    private static readonly LakeTable[] Tables = [LakeTable.Exposures, LakeTable.Orders, LakeTable.OrderLines, LakeTable.Customers, LakeTable.Products];

    private readonly SemaphoreSlim gate = new(1);
    private readonly PastCampaignReader past = new(lake, contexts);
    private (string Key, MeasuredWindows Windows)? last;

    /// <summary>Effects of the days up to the last one recorded; null when the lake has no exposures yet that were drawn at random. A length that is not on the list becomes the usual one.</summary>
    public async Task<PeriodEffects?> ReadAsync(int days, CancellationToken cancellationToken)
    {
        if (!lake.HasRows(LakeTable.Exposures))
            return null;
        var windows = await WindowsAsync(cancellationToken);
        // Exposures that nobody drew at random measure nothing.
        return windows.Arms.Count == 0 ? null : PeriodEffects.Of(windows, Periods.Contains(days) ? days : UsualPeriod);
    }

    public void Dispose() => gate.Dispose();

    private async Task<MeasuredWindows> WindowsAsync(CancellationToken cancellationToken)
    {
        var shop = await settings.GetAsync(cancellationToken);
        var campaigns = await CampaignsAsync(cancellationToken);
        var now = time.GetUtcNow().UtcDateTime;
        // Windows close as time goes by, so a reading is good for the hour.
        var key = string.Join('|', [$"{now:yyyyMMddHH}", $"{shop.Currency} {shop.TimeZone} {shop.StoreMarginPercent}", Stamp(), .. campaigns.Select(c => $"{c.Id:N}{c.Name}{c.RulesJson}")]);
        if (last is { } known && known.Key == key)
            return known.Windows;
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (last is { } read && read.Key == key)
                return read.Windows;
            var measured = campaigns.Select(c => new MeasuredCampaign(c.Id, c.Name, RulesJson.Read(c.RulesJson))).ToList();
            var windows = await Task.Run(() => new WindowReader(lake, shop, measured).Read(now, cancellationToken), cancellationToken);
            last = (key, windows);
            return windows;
        }
        finally
        {
            gate.Release();
        }
    }

    private async Task<List<Row>> CampaignsAsync(CancellationToken cancellationToken)
    {
        // Of imported ones the believed count; whose groups' sizes do not fit are told as such by the period itself.
        var unsound = (await past.ListAsync(cancellationToken)).Where(c => c.Fault is not (null or PastCampaignFault.SampleRatio)).Select(c => c.Id).ToList();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Campaigns.AsNoTracking().Where(c => c.LaunchedAt != null && !unsound.Contains(c.Id)).OrderBy(c => c.Id)
            .Select(c => new Row(c.Id, c.Name, c.RulesJson)).ToListAsync(cancellationToken);
    }

    /// <summary>Changes whenever a file of the tables read comes, goes or is replaced.</summary>
    private string Stamp()
    {
        var hash = default(HashCode);
        foreach (var folder in Tables.Select(lake.FolderOf).Where(Directory.Exists))
        {
            foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*.parquet", SearchOption.AllDirectories).OrderBy(f => f.FullName, StringComparer.Ordinal))
            {
                hash.Add(file.FullName, StringComparer.Ordinal);
                hash.Add(file.Length);
                hash.Add(file.LastWriteTimeUtc);
            }
        }

        return hash.ToHashCode().ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    private sealed record Row(Guid Id, string Name, string RulesJson);
}
