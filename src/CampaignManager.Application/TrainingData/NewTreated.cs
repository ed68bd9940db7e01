using System.Globalization;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Data;
using CampaignManager.Application.Lake;
using CampaignManager.Engine.Offers;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.TrainingData;

/// <summary>What has come to be learnt since a model learnt.</summary>
public sealed class NewTreated(DataLake lake, IDbContextFactory<AppDbContext> contexts)
{
    /// <summary>Customers treated at random after a moment, whose windows have closed by another: an open one teaches nothing yet.</summary>
    /// <param name="after">UTC; what the model learnt from ends there.</param>
    /// <param name="now">UTC.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async Task<long> CountAsync(DateTime after, DateTime now, CancellationToken cancellationToken)
    {
        if (!lake.HasRows(LakeTable.Exposures))
            return 0;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var launched = await context.Set<Campaign>().AsNoTracking().Where(c => c.LaunchedAt != null)
            .Select(c => new { c.Id, c.RulesJson }).ToListAsync(cancellationToken);
        if (launched.Count == 0)
            return 0;
        var windows = string.Join(", ", launched.Select(c => string.Create(
            CultureInfo.InvariantCulture, $"('{c.Id:D}', {RulesJson.Read(c.RulesJson).Experiment.AttributionDays})")));
        return await Task.Run(() => Count(windows, after, now), cancellationToken);
    }

    private long Count(string windows, DateTime after, DateTime now)
    {
        using var connection = lake.Open(threads: 1);
        return connection.Scalar<long>($"""
            SELECT count(DISTINCT x.customer_id) FROM {lake.Source(LakeTable.Exposures)} x JOIN (VALUES {windows}) w(id, days) ON w.id = x.campaign_id
            WHERE x.arm > 0 AND coalesce(x.randomised, true) AND x.assigned_at > {DataLake.Moment(after)} AND x.assigned_at + to_days(w.days) <= {DataLake.Moment(now)}
            """);
    }
}
